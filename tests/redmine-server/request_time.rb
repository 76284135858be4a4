# frozen_string_literal: true

# The time of a request can be given by its sender, so that tests have clocks of their own on one server.
class << Time
  alias_method :now_of_machine, :now

  def now(**options)
    given = Thread.current.thread_variable_get(:request_time)
    given.nil? ? now_of_machine(**options) : at(given, **options)
  end
end

# Reads the header `X-Test-Time` (seconds since 1970 UTC, with fractions), and adds the header `Date` that the web server in
# front of a Redmine adds. Puma alone adds none: `X-Test-No-Date` asks for that.
class RequestTime
  def initialize(application)
    @application = application
  end

  def call(environment)
    given = environment["HTTP_X_TEST_TIME"]
    Thread.current.thread_variable_set(:request_time, given && Rational(given))
    status, headers, body = @application.call(environment)
    headers["Date"] = Time.now.httpdate unless environment.key?("HTTP_X_TEST_NO_DATE")
    [status, headers, body]
  ensure
    Thread.current.thread_variable_set(:request_time, nil)
  end
end
