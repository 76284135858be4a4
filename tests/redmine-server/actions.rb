# frozen_string_literal: true

# What people do in Redmine, by Redmine's own classes. Whoever does it is `User.current`.
module Actions
  module_function

  # An account for the API, which sees the projects that it is made a member of. Answers with its key.
  def add_account(login:)
    SecureRandom.hex(20).tap { |key| Installation.key(Installation.person(login, login.capitalize, "Bridge"), key) }
  end

  def add_project(identifier:, name: identifier, account: "ann", trackers: nil)
    project = Project.new(name: name, is_public: false, enabled_module_names: %w[issue_tracking])
    project.identifier = identifier
    project.trackers = trackers.nil? ? Tracker.sorted.to_a : Tracker.where(name: trackers).to_a
    project.save!
    member(project, User.find_by!(login: account), "Tracker bridge")
    member(project, User.find_by!(login: "lena"), "Manager")
    project.id
  end

  def publish_project(project:)
    Project.find(project).update!(is_public: true)
    nil
  end

  def member(project, user, role)
    Member.create!(project: project, principal: user, roles: [Role.find_by!(name: role)])
  end

  def add_person(project:, name:, role: "Developer")
    login = "#{name}-#{SecureRandom.hex(4)}"
    user = Installation.person(login, name.capitalize, "Example")
    member(Project.find(project), user, role)
    user.id
  end

  # Rows as Redmine itself writes them, without what it does around that: rules need hundreds of issues.
  def create_issue(project:, title:, body: "")
    @defaults ||= { tracker_id: Tracker.sorted.first.id, status_id: Tracker.sorted.first.default_status_id,
                    priority_id: IssuePriority.default.id }
    @projects ||= {}
    place = (@projects[project] ||= Project.find(project).id)
    now = Time.now
    Issue.insert!({ **@defaults, project_id: place, author_id: User.current.id, subject: title, description: body,
                    lft: 1, rgt: 2, created_on: now, updated_on: now })
    id = Issue.where(project_id: place).maximum(:id)
    Issue.where(id: id).update_all(root_id: id)
    id
  end

  def create_issues(project:, titles:)
    Issue.transaction { titles.map { |title| create_issue(project: project, title: title) } }
  end

  def rewrite_issue(item:, **attributes)
    Issue.where(id: item).update_all(**attributes, updated_on: Time.now)
    item
  end

  def edit_issue(item:, **attributes)
    issue = Issue.find(item)
    issue.init_journal(User.current)
    issue.assign_attributes(attributes)
    issue.save!
    issue.id
  end

  def close_issue(item:)
    edit_issue(item: item, status: IssueStatus.find_by!(name: "Closed"))
  end

  def move_issue(item:, project:)
    edit_issue(item: item, project: Project.find(project))
  end

  def delete_issue(item:)
    Issue.find(item).destroy
    nil
  end

  def read_issue(item:)
    issue = Issue.find_by(id: item)
    return nil if issue.nil?

    notes = issue.journals.where.not(notes: ["", nil]).order(:id)
    { item: issue.id, project: issue.project.identifier, title: issue.subject, body: issue.description.to_s,
      status: issue.status.name, is_closed: issue.status.is_closed, priority: issue.priority_id,
      category: issue.category&.name, assignee: issue.assigned_to_id, author: issue.author.login,
      is_private: issue.is_private, tracker: issue.tracker.name, journals: issue.journals.count,
      notes: notes.map { |note| { id: note.id, body: note.notes, private: note.private_notes, by: note.user.login } } }
  end

  def list_issues(project:)
    Issue.where(project_id: Project.find(project).id).order(:id).pluck(:id)
  end

  def comment(item:, body:, is_private: false)
    Journal.insert!({ journalized_id: item, journalized_type: "Issue", user_id: User.current.id, notes: body,
                      private_notes: is_private, created_on: Time.now })
    Issue.where(id: item).update_all(updated_on: Time.now)
    Journal.where(journalized_id: item).maximum(:id)
  end

  def edit_comment(id:, body:)
    Journal.find(id).update!(notes: body)
    id
  end

  def delete_comment(id:)
    Journal.find(id).destroy
    id
  end

  def read_files(item:)
    Issue.find(item).attachments.order(:id).map do |file|
      { id: file.id, name: file.filename, type: file.content_type, content: Base64.strict_encode64(File.binread(file.diskfile)) }
    end
  end
end
