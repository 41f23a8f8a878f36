"""Tests of commands that ask the models of providers: each body against a server of the tests' own, once
for every provider that can be asked."""
import signal

from model_server import ModelServer

KEY = "sk-sesame"


class WithModels:
    """What test bodies use; `provider` is the one asked, `kind` what it is asked for (see ModelServer)."""

    provider = None
    kind = "language"
    now = "2026-03-02T00:00:00Z"

    def setUp(self):
        super().setUp()
        self.server = ModelServer(KEY)
        self.addCleanup(self.server.close)
        self.env.update(self.server.environment())

    def tearDown(self):
        self.assertEqual(self.server.faults, [])

    def output(self, *args, **options):
        out = super().output(*args, **options)
        self.assertNotIn(KEY, out + self.err)
        return out

    def setting(self, name, value):
        self.env[f"ADGENOME_{self.provider.upper()}_{name}"] = str(value)

    def forget_key(self):
        del self.env[f"{self.provider.upper()}_API_KEY"]

    def misbehave(self, do, **more):
        """From now on, by a rule of ModelServer; its requests are counted anew."""
        self.server.requests.clear()
        self.server.script = [{"on": f"^{self.provider} {self.kind}", "do": do, **more}]

    def kill_at(self, calls, *arguments):
        """Kills a command while so many calls have come in, the last of which is not answered."""
        self.setting("CONCURRENCY", 1)
        self.misbehave("hang", after=calls - 1, seconds=1)
        process = self.start(*arguments, "--now", self.now)
        self.wait_for(lambda: len(self.server.requests) >= calls)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.server.script = []


def of_each(body, *names):
    """The class of bodies once for each of these providers."""
    return [type(name, (body,), {"provider": name.lower()}) for name in names]
