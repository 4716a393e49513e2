# SPDX-License-Identifier: Apache-2.0
"""What the browser's tests look at: a Redis server, sensors that read made captures to an end that does not come, so that what
they see stays active, and a dashboard. All of it in a temporary directory and on loopback."""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(here), "live"))

from support import Redis, free_port, root, wait_for  # noqa: E402
from capture.scenario import make  # noqa: E402


def moment(seconds):
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds))


class Sensor:
    """A sensor that reads a capture from a pipe which stays open."""

    def __init__(self, program, stage, name, capture):
        self.process = subprocess.Popen(
            [
                program,
                "-r",
                "-",
                "-q",
                "--redis",
                "unix://" + stage.redis.socket,
                "--set",
                "sensor.name=" + name,
                "--set",
                "places.file=" + os.path.join(here, "places.yaml"),
                "--set",
                "places.inventories=" + os.path.join(here, "inventory.json"),
                "--set",
                "geo.databases=" + stage.geography,
                "--set",
                "incident.update-interval=1m",
            ],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.feeder = threading.Thread(target=self.feed, args=(capture,), daemon=True)
        self.feeder.start()

    def feed(self, capture):
        try:
            self.process.stdin.write(capture)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # it was stopped

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.feeder.join()
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass


class Stage:
    """Redis keeps its content over a restart. `sensors` by name; `address` is the dashboard's."""

    def __init__(self, sensor, dashboard):
        self.sensor_program, self.dashboard_program = sensor, dashboard
        self.folder = tempfile.mkdtemp(prefix="geophone-browser-")
        self.geography = os.path.join(self.folder, "geography.mmdb")
        self.redis = Redis("--save", "3600", "1")
        self.sensors, self.dashboard = {}, None
        self.port = free_port()
        self.address = "http://127.0.0.1:%d/" % self.port

    def __enter__(self):
        subprocess.run([os.path.join(here, "make-mmdb"), self.geography], check=True)
        self.redis.start()
        return self

    def __exit__(self, *_):
        for sensor in self.sensors.values():
            sensor.stop()
        self.stop_dashboard()
        self.redis.__exit__()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_sensor(self, name, scenario, start, *before):
        """The scenario begins at `start`, seconds since 1970; statements of `before` come before its own."""
        capture = make(["start " + moment(start), *before], os.path.join(here, scenario))[1]
        self.sensors[name] = Sensor(self.sensor_program, self, name, capture)

    def start_dashboard(self, *words):
        self.dashboard = subprocess.Popen(
            [
                self.dashboard_program,
                "--listen",
                "127.0.0.1:%d" % self.port,
                "--redis",
                "unix://" + self.redis.socket,
                "--web-directory",
                os.path.join(root, "web"),
                *words,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

        def answers():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0 or self.dashboard.poll() is not None

        if not wait_for(answers) or self.dashboard.poll() is not None:
            raise RuntimeError(
                "geophone-dashboard does not answer: %s"
                % (self.dashboard.stderr.read() if self.dashboard.poll() is not None else "")
            )

    def stop_dashboard(self):
        if self.dashboard:
            self.dashboard.terminate()
            self.dashboard.communicate()
        self.dashboard = None

    def incidents(self, name):
        return self.redis("ZCARD", "geophone:{%s}:incidents" % name)

    def fill(self):
        """Three sensors whose last hour ends now."""
        now = time.time()
        self.start_sensor("headquarters", "office.txt", now - 3470)
        self.start_sensor("aws-eu-north-1", "cloud.txt", now - 3480, "wrap vxlan 4711 from=10.9.1.4 to=10.9.1.5")
        self.start_sensor(
            "aws-us-east-1",
            "cloud.txt",
            now - 3455,
            "wrap vxlan 4712 from=10.9.2.4 to=10.9.2.5",
            "host resolver 10.30.7.2",
            "host web 10.30.7.9",
            "host one 10.30.7.21",
            "host two 10.30.7.22",
            "host three 10.30.7.23",
        )
        written = wait_for(
            lambda: all(
                self.incidents(name) >= least
                for name, least in (("headquarters", 4), ("aws-eu-north-1", 3), ("aws-us-east-1", 3))
            )
        )
        return written and wait_for(lambda: self.is_read() and (time.sleep(2) or self.is_read()))

    def is_read(self):
        """Whether the dashboard knows all that the sensors have written so far."""
        with urllib.request.urlopen(self.address + "api/v1/overview", timeout=60) as answer:
            told = json.load(answer)
        return told["sensors"]["alive"] == len(self.sensors) and told["incidents"] == sum(map(self.incidents, self.sensors))
