# SPDX-License-Identifier: Apache-2.0
#
# A geophone sensor as the target of VPC Traffic Mirroring: instance, security group, target (its interface or a Network
# Load Balancer), filter, and a session for each source interface. See docs/deploy-aws.md.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.0" }
  }
}

variable "vpc_id" { type = string }
variable "subnet_id" { type = string }
variable "ami_id" {
  type        = string
  description = "an image of Debian 12 for the sensor"
}
variable "key_name" { type = string }
variable "instance_type" {
  type    = string
  default = "c6i.large"
}
variable "ssh_from" {
  type        = list(string)
  default     = []
  description = "networks that may reach the sensor by SSH"
}
variable "source_interfaces" {
  type        = list(string)
  description = "network interfaces to be mirrored, never the sensor's own"
}
variable "use_nlb" {
  type        = bool
  default     = false
  description = "a Network Load Balancer before the sensor, instead of its interface"
}

data "aws_vpc" "this" { id = var.vpc_id }

resource "aws_security_group" "sensor" {
  name_prefix = "geophone-"
  description = "geophone: mirrored traffic and health checks in, nothing else"
  vpc_id      = var.vpc_id

  ingress {
    description = "VXLAN of Traffic Mirroring"
    from_port   = 4789
    to_port     = 4789
    protocol    = "udp"
    cidr_blocks = [data.aws_vpc.this.cidr_block]
  }
  ingress {
    description = "GET /healthz"
    from_port   = 8080
    to_port     = 8080
    protocol    = "tcp"
    cidr_blocks = [data.aws_vpc.this.cidr_block]
  }
  dynamic "ingress" {
    for_each = length(var.ssh_from) > 0 ? [1] : []
    content {
      description = "SSH"
      from_port   = 22
      to_port     = 22
      protocol    = "tcp"
      cidr_blocks = var.ssh_from
    }
  }
  egress {
    description = "packages and time"
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "sensor" {
  ami                    = var.ami_id
  instance_type          = var.instance_type
  subnet_id              = var.subnet_id
  key_name               = var.key_name
  vpc_security_group_ids = [aws_security_group.sensor.id]
  tags                   = { Name = "geophone" }

  metadata_options {
    http_tokens = "required"
  }
  # what geophone --check-host would ask for
  user_data = <<-EOT
    #!/bin/sh
    echo net.core.rmem_max=67108864 > /etc/sysctl.d/60-geophone.conf
    sysctl -p /etc/sysctl.d/60-geophone.conf
  EOT
}

resource "aws_lb" "sensor" {
  count                            = var.use_nlb ? 1 : 0
  name                             = "geophone"
  internal                         = true
  load_balancer_type               = "network"
  subnets                          = [var.subnet_id]
  enable_cross_zone_load_balancing = true
}

resource "aws_lb_target_group" "sensor" {
  count    = var.use_nlb ? 1 : 0
  name     = "geophone"
  vpc_id   = var.vpc_id
  protocol = "UDP"
  port     = 4789

  health_check {
    protocol = "HTTP"
    port     = "8080"
    path     = "/healthz"
  }
}

# without this listener the load balancer drops all, and says nothing
resource "aws_lb_listener" "sensor" {
  count             = var.use_nlb ? 1 : 0
  load_balancer_arn = aws_lb.sensor[0].arn
  protocol          = "UDP"
  port              = 4789

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.sensor[0].arn
  }
}

resource "aws_lb_target_group_attachment" "sensor" {
  count            = var.use_nlb ? 1 : 0
  target_group_arn = aws_lb_target_group.sensor[0].arn
  target_id        = aws_instance.sensor.id
  port             = 4789
}

resource "aws_ec2_traffic_mirror_target" "sensor" {
  description               = "geophone"
  network_interface_id      = var.use_nlb ? null : aws_instance.sensor.primary_network_interface_id
  network_load_balancer_arn = var.use_nlb ? aws_lb.sensor[0].arn : null
}

resource "aws_ec2_traffic_mirror_filter" "all" {
  description      = "geophone: all, and DNS"
  network_services = ["amazon-dns"]
}

resource "aws_ec2_traffic_mirror_filter_rule" "all" {
  for_each                 = toset(["ingress", "egress"])
  traffic_mirror_filter_id = aws_ec2_traffic_mirror_filter.all.id
  traffic_direction        = each.key
  rule_number              = 100
  rule_action              = "accept"
  source_cidr_block        = "0.0.0.0/0"
  destination_cidr_block   = "0.0.0.0/0"
}

resource "aws_ec2_traffic_mirror_filter_rule" "all_ipv6" {
  for_each                 = toset(["ingress", "egress"])
  traffic_mirror_filter_id = aws_ec2_traffic_mirror_filter.all.id
  traffic_direction        = each.key
  rule_number              = 200
  rule_action              = "accept"
  source_cidr_block        = "::/0"
  destination_cidr_block   = "::/0"
}

# packet_length is left out: whole packets
resource "aws_ec2_traffic_mirror_session" "source" {
  for_each                 = toset(var.source_interfaces)
  description              = "geophone"
  network_interface_id     = each.key
  session_number           = 1
  traffic_mirror_filter_id = aws_ec2_traffic_mirror_filter.all.id
  traffic_mirror_target_id = aws_ec2_traffic_mirror_target.sensor.id
}

output "sensor_address" { value = aws_instance.sensor.private_ip }
