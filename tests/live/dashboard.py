# SPDX-License-Identifier: Apache-2.0
"""What the tests of geophone-dashboard's answers share: the server on a free port, sensors that read made captures, requests."""
import http.client
import json
import os
import subprocess
import time

from support import free_port, root, wait_for

from capture import scenario

PATIENCE_S = 60  # of a machine that does much else

SUBSCRIBE = """  > {"id":1,"method":"mining.subscribe","params":["cgminer/4.11.1"]}
  < {"id":1,"result":[[["mining.notify","a"]],"08000002",4],"error":null}
  > {"id":2,"method":"mining.authorize","params":["1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2.%s","x"]}
  < {"id":2,"result":true,"error":null}
  & {"id":null,"method":"mining.notify","params":${bitcoin.notify 1a true}}
"""


def mining(client, pool, worker):
    """A session of a scenario that ends confirmed: both sides speak, and the pool answers what only a pool knows."""
    return "tcp [%s]:4000 > [%s]:3333\n" % (client, pool) + SUBSCRIBE % worker if ":" in client else \
        "tcp %s:4000 > %s:3333\n" % (client, pool) + SUBSCRIBE % worker


def run_sensor(sensor, redis, folder, name, text, *settings):
    """Lets a sensor of that name read a capture of the scenario, which begins two hours ago."""
    begin = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() - 7200))
    path = os.path.join(folder, name)
    with open(path + ".txt", "w", encoding="utf-8") as file:
        file.write("start %s\n%s" % (begin, text))
    with open(path + ".pcap", "wb") as file:
        file.write(scenario.make([], path + ".txt")[1])
    options = [word for setting in ("sensor.name=" + name, *settings) for word in ("--set", setting)]
    done = subprocess.run([sensor, "-q", "-r", path + ".pcap", "--redis", "redis://127.0.0.1:%d" % redis.port, *options], text=True,
                          capture_output=True, timeout=2 * PATIENCE_S, check=False)
    if done.returncode != 0:
        raise RuntimeError("the sensor ended with %d: %s" % (done.returncode, done.stderr))
    redis("EXPIRE", "geophone:{%s}:alive" % name, 3600)  # that of one that ended would last some seconds


class Dashboard:
    """geophone-dashboard beside the sensor, over that Redis."""

    def __init__(self, sensor, redis, *options):
        self.port = free_port()
        self.command = [sensor + "-dashboard", "--listen", "127.0.0.1:%d" % self.port, "--redis", "redis://127.0.0.1:%d" % redis.port,
                        "--web-directory", os.path.join(root, "web"), *options]
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if not wait_for(lambda: self.is_there("/healthz"), PATIENCE_S):
            self.process.kill()
            raise RuntimeError("geophone-dashboard does not answer: " + self.process.communicate()[1])
        return self

    def __exit__(self, kind, *_):
        self.process.terminate()
        errors = self.process.communicate(timeout=PATIENCE_S)[1]
        if kind is None and self.process.returncode != 0:
            raise RuntimeError("geophone-dashboard ended with %d: %s" % (self.process.returncode, errors[-2000:]))

    def is_there(self, path):
        try:
            return self.get(path)[0] == 200
        except OSError:
            return False

    def get(self, path, method="GET", **headers):
        """(status, headers, body)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode("utf-8")
        finally:
            connection.close()

    def wait_until_read(self):
        """Until Redis was read once: before that no feed is served."""
        return wait_for(lambda: self.is_there("/feeds/block-ip.txt"), PATIENCE_S)

    def text(self, path):
        return self.get(path)[2]

    def json(self, path):
        return json.loads(self.text(path))
