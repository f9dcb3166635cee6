resource "aws_instance" "web" {
  ami                    = "ami-12c6146b"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.main.id
  vpc_security_group_ids = [aws_security_group.inline.id]
  iam_instance_profile   = aws_iam_instance_profile.app.name
  user_data              = "#!/bin/sh\necho hello\n"
  metadata_options {
    http_tokens = "required"
  }
  tags = { Name = "web" }
}

resource "aws_instance" "gone" {
  ami                    = "ami-12c6146b"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.main.id
  vpc_security_group_ids = [aws_security_group.inline.id]
}

resource "aws_ebs_volume" "data" {
  availability_zone = "eu-west-1a"
  size              = 8
  type              = "gp3"
  tags              = { Name = "data" }
}

resource "aws_ebs_volume" "gone" {
  availability_zone = "eu-west-1a"
  size              = 8
  encrypted         = true
}

resource "aws_ebs_encryption_by_default" "this" {
  enabled = true
}

resource "aws_db_instance" "main" {
  identifier              = "main"
  engine                  = "postgres"
  engine_version          = "16.3"
  instance_class          = "db.t3.micro"
  allocated_storage       = 20
  db_name                 = "app"
  username                = "app"
  password                = "not-a-real-one-1"
  storage_encrypted       = true
  backup_retention_period = 7
  skip_final_snapshot     = true
  vpc_security_group_ids  = [aws_security_group.inline.id]
}

resource "aws_db_instance" "gone" {
  identifier          = "gone"
  engine              = "postgres"
  instance_class      = "db.t3.micro"
  allocated_storage   = 20
  username            = "app"
  password            = "not-a-real-one-2"
  skip_final_snapshot = true
}
