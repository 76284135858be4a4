# frozen_string_literal: true

# A Redmine of a test run's own: migrates its empty database, fills it, and serves it at / and below /redmine.
require_relative "request_time"
require File.join(ENV.fetch("REDMINE_LIBRARY"), "config", "environment")
require_relative "installation"
require_relative "actions"
require_relative "control"

Installation.prepare

application = RequestTime.new(Rails.application)
map("/control") { run RequestTime.new(Control.new(ENV.fetch("CONTROL_KEY"))) }
map("/redmine") { run application }
map("/") { run application }
