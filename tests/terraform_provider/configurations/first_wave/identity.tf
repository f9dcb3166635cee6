resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = local.trust
}

resource "aws_iam_role" "inline" {
  name                = "inline"
  path                = "/team/"
  description         = "everything on the role itself"
  assume_role_policy  = local.trust
  managed_policy_arns = [aws_iam_policy.read.arn]
  inline_policy {
    name   = "own"
    policy = local.read
  }
}

resource "aws_iam_role" "gone" {
  name               = "gone"
  assume_role_policy = local.trust
}

resource "aws_iam_policy" "read" {
  name        = "read"
  description = "reads"
  policy      = local.read
}

resource "aws_iam_policy" "changed" {
  name   = "changed"
  path   = "/team/"
  policy = local.read
}

resource "aws_iam_policy" "shared" {
  name   = "shared"
  policy = local.read
}

resource "aws_iam_policy" "loose" {
  name   = "loose"
  policy = local.read
}

resource "aws_iam_policy" "gone" {
  name   = "gone"
  policy = local.read
}

resource "aws_iam_role_policy" "changed" {
  name   = "changed"
  role   = aws_iam_role.app.id
  policy = local.read
}

resource "aws_iam_role_policy" "gone" {
  name   = "gone"
  role   = aws_iam_role.app.id
  policy = local.read
}

resource "aws_iam_role_policy_attachment" "kept" {
  role       = aws_iam_role.app.name
  policy_arn = aws_iam_policy.changed.arn
}

resource "aws_iam_role_policy_attachment" "gone" {
  role       = aws_iam_role.app.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_user" "ann" {
  name = "ann"
  tags = { Team = "blue" }
}

resource "aws_iam_user" "bob" {
  name = "bob"
}

resource "aws_iam_user" "gone" {
  name = "gone"
}

resource "aws_iam_group" "staff" {
  name = "staff"
}

resource "aws_iam_user_policy" "changed" {
  name   = "changed"
  user   = aws_iam_user.ann.name
  policy = local.read
}

resource "aws_iam_user_policy" "gone" {
  name   = "gone"
  user   = aws_iam_user.ann.name
  policy = local.read
}

resource "aws_iam_user_policy_attachment" "kept" {
  user       = aws_iam_user.ann.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_user_policy_attachment" "gone" {
  user       = aws_iam_user.ann.name
  policy_arn = aws_iam_policy.changed.arn
}

resource "aws_iam_group_policy" "changed" {
  name   = "changed"
  group  = aws_iam_group.staff.name
  policy = local.read
}

resource "aws_iam_group_policy_attachment" "gone" {
  group      = aws_iam_group.staff.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_policy_attachment" "shared" {
  name       = "shared"
  policy_arn = aws_iam_policy.shared.arn
  users      = [aws_iam_user.ann.name]
  groups     = [aws_iam_group.staff.name]
}

resource "aws_iam_instance_profile" "app" {
  name = "app"
  role = aws_iam_role.app.name
}

resource "aws_iam_instance_profile" "changed" {
  name = "changed"
  role = aws_iam_role.inline.name
}

resource "aws_iam_instance_profile" "gone" {
  name = "gone"
}

resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length      = 14
  require_lowercase_characters = true
  require_uppercase_characters = true
  require_numbers              = true
  require_symbols              = true
  max_password_age             = 90
}
