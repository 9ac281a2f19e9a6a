export const membersHelp = `tokenrouter members: who belongs to an organization, also while no server runs

  members list [--json]           show the members, with their roles and when they were last active
  members invite EMAIL            make an invitation and print its link, alone on standard output
      --role ROLE                 owner, admin or member of the whole organization
      --project PROJECT=ROLE      of one project, by its slug or id; may be given several times
  members change EMAIL --role ROLE
                                  change a role, or make somebody with an account a member
  members remove EMAIL            take all their roles in the organization and its projects
      --account                   in every organization, and delete the account with its sessions

      --org ORG                   slug or id of the organization (default: default)

The last owner of an organization is neither changed nor removed: make another owner first. API keys belong to
projects and go on working; "members remove" names those that somebody made.
`;
