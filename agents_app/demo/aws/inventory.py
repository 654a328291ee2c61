"""What moto is told at the start of the demo: the cluster, its instances and its alarms."""

from typing import Any
from urllib.parse import urlencode
from wsgiref.types import WSGIApplication

from werkzeug.test import Client

from agents_app.demo.aws.minutes import AUTO_PAUSE_MINUTES, INSTANCES, MOST_ACU, WRITER
from agents_app.demo.aws.world import CLUSTER

REGION = "eu-central-1"
_VERSIONS = {"rds": "2014-10-31", "monitoring": "2010-08-01"}


def tell(moto: WSGIApplication) -> None:
    """Makes the inventory in an empty moto."""
    _cluster(moto)
    _alarm(moto, "letta-demo-capacity", "ACUUtilization", "Average", 90, "GreaterThanThreshold")
    _alarm(moto, "letta-demo-memory", "FreeableMemory", "Minimum", 1.6e9, "LessThanThreshold")
    _alarm(moto, "letta-demo-storage", "VolumeBytesUsed", "Average", 3.5e9, "GreaterThanThreshold")
    for name, state in (("capacity", "OK"), ("memory", "OK"), ("storage", "ALARM")):
        _do(moto, "monitoring", "SetAlarmState", AlarmName=f"letta-demo-{name}", StateValue=state,
            StateReason="simulated")  # fmt: skip


def _cluster(moto: WSGIApplication) -> None:
    scaling = "ServerlessV2ScalingConfiguration"
    _do(
        moto, "rds", "CreateDBCluster", DBClusterIdentifier=CLUSTER, Engine="aurora-postgresql",
        EngineVersion="16.6", MasterUsername="letta", MasterUserPassword="of the emulator",
        StorageType="aurora", AllocatedStorage=1, EnableIAMDatabaseAuthentication="true",
        **{f"{scaling}.MinCapacity": 0, f"{scaling}.MaxCapacity": MOST_ACU,
           f"{scaling}.SecondsUntilAutoPause": AUTO_PAUSE_MINUTES * 60},
    )  # fmt: skip
    for tier, name in enumerate(INSTANCES, start=1):
        _do(
            moto, "rds", "CreateDBInstance", DBInstanceIdentifier=name, Engine="aurora-postgresql",
            DBInstanceClass="db.serverless", DBClusterIdentifier=CLUSTER, PromotionTier=tier,
        )  # fmt: skip


def _alarm(
    moto: WSGIApplication, name: str, metric: str, statistic: str, threshold: float, comparison: str
) -> None:
    of_cluster = metric == "VolumeBytesUsed"
    dimension = ("DBClusterIdentifier", CLUSTER) if of_cluster else ("DBInstanceIdentifier", WRITER)
    _do(
        moto, "monitoring", "PutMetricAlarm", AlarmName=name, Namespace="AWS/RDS", MetricName=metric,
        Statistic=statistic, Period=300, EvaluationPeriods=3, Threshold=threshold,
        ComparisonOperator=comparison, TreatMissingData="notBreaching",
        **{"Dimensions.member.1.Name": dimension[0], "Dimensions.member.1.Value": dimension[1]},
    )  # fmt: skip


def _do(moto: WSGIApplication, service: str, action: str, **words: Any) -> None:
    """One call by AWS's query protocol, with a signature that moto does not look at."""
    body = urlencode({"Action": action, "Version": _VERSIONS[service]} | words)
    scope = f"demo/20261101/{REGION}/{service}/aws4_request"
    answer = Client(moto).post(
        data=body,
        content_type="application/x-www-form-urlencoded; charset=utf-8",
        headers={
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
        },
    )
    if answer.status_code != 200:
        raise RuntimeError(f"moto refused {action}: {answer.text[:300]}")
