"""Shared answers of AWS, and the events of the cluster that were seen."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agents_app", "0004_histories")]
    operations = [
        migrations.CreateModel(
            name="AwsAnswer",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=30)),
                ("leased_until", models.DateTimeField(null=True)),
                ("again_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer", models.JSONField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("failure", models.CharField(blank=True, default="", max_length=30)),
                ("permission", models.CharField(blank=True, default="", max_length=60)),
                ("asked", models.PositiveIntegerField(default=0)),
                ("touched_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["touched_at"], name="aws_answer_touched")]},
        ),
        migrations.CreateModel(
            name="ClusterEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.CharField(max_length=30)),
                ("cluster_id", models.CharField(max_length=80)),
                ("source", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=20)),
                ("message", models.CharField(max_length=500)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["region", "cluster_id", "-at"], name="cluster_event_newest"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "cluster_id", "source", "at", "message"),
                        name="cluster_event_once",
                    )
                ],
            },
        ),
    ]
