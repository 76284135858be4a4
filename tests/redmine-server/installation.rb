# frozen_string_literal: true

# What every test finds: the default data, an API that is switched on, an account for the API, and people.
module Installation
  # Whether the rules about money and time apply does not matter here; issues, notes and files do.
  PERMISSIONS = %i[
    view_issues add_issues edit_issues edit_own_issues copy_issues manage_issue_relations add_issue_notes
    edit_issue_notes edit_own_issue_notes view_private_notes manage_categories save_queries view_issue_watchers
  ].freeze

  def self.prepare
    Rails.logger.level = :error
    connection = ActiveRecord::Base.connection
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=OFF")
    ActiveRecord::Migration.verbose = false
    connection.migration_context.migrate
    ActiveRecord::Base.descendants.each { |model| model.reset_column_information unless model.abstract_class? }
    Redmine::DefaultData::Loader.load("en")
    settings
    people
  end

  def self.settings
    Setting.rest_api_enabled = "1"
    Setting.notified_events = []
    Setting.text_formatting = "textile"
    Setting.attachment_max_size = "2048"
  end

  def self.people
    admin = User.find_by(login: "admin")
    admin.update_columns(must_change_passwd: false)
    key(admin, ENV.fetch("ADMIN_KEY"))
    role = Role.new(name: "Tracker bridge", assignable: true, issues_visibility: "all")
    role.permissions = PERMISSIONS
    role.save!
    role.copy_workflow_rules(Role.find_by(name: "Manager"))
    key(person("ann", "Ann", "Bridge"), ENV.fetch("API_KEY"))
    person("lena", "Lena", "Lang")
    person("nobody", "No", "Rights").tap { |user| key(user, ENV.fetch("STRANGER_KEY")) }
  end

  def self.person(login, firstname, lastname)
    User.new(firstname: firstname, lastname: lastname, mail: "#{login}@example.com", language: "en").tap do |user|
      user.login = login
      user.random_password
      user.save!
    end
  end

  def self.key(user, value)
    Token.where(user_id: user.id, action: "api").delete_all
    Token.create!(user: user, action: "api").update_columns(value: value)
  end
end
