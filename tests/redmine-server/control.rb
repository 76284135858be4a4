# frozen_string_literal: true

# Carries out what a test asks for past the API: `POST /control`, a list of actions as JSON, each with a name and members.
class Control
  def initialize(key)
    @key = key
  end

  def call(environment)
    request = Rack::Request.new(environment)
    return answer(403, { error: "wrong key" }) unless request.get_header("HTTP_X_CONTROL_KEY") == @key

    steps = JSON.parse(request.body.read)
    answer(200, steps.map { |step| carry_out(step) })
  rescue StandardError => e
    answer(500, { error: "#{e.class}: #{e.message}", at: e.backtrace.first(5) })
  ensure
    User.current = nil
  end

  private

  def carry_out(step)
    members = step.transform_keys(&:to_sym)
    User.current = User.find_by!(login: members.delete(:as) || "lena")
    Actions.public_send(members.delete(:action), **members)
  end

  def answer(status, content)
    [status, { "Content-Type" => "application/json" }, [JSON.generate(content)]]
  end
end
