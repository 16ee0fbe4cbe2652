"""A SIP phone without ears or fingers: takes orders as JSON lines, tells events as JSON lines, records what it hears.

One process is one phone (PJSIP allows one endpoint a process), so that several can be on the line at once:

    python phone_driver.py '{"server": "127.0.0.1", "port": 5060, "username": "…", "password": "…"}'

orders: {"do": "register"}, {"do": "dial", "number": "12333", "record": "/path.wav"}, {"do": "press", "keys": "1"},
        {"do": "say", "file": "/path.wav"}, {"do": "hang up"}, {"do": "quit"};
events: registered, call (state, code), incoming, media.
"""

import json
import os
import select
import sys

import pjsua2

QUIET = 1  # PJSIP's own log: errors only


def tell(event: str, **facts: object) -> None:
    print(json.dumps({"event": event, **facts}), flush=True)


class Call(pjsua2.Call):
    """A call that records from the moment on that there is sound."""

    recorder: pjsua2.AudioMediaRecorder | None = None
    record: str | None = None

    def onCallState(self, prm: pjsua2.OnCallStateParam) -> None:
        info = self.getInfo()
        tell("call", state=info.stateText, code=info.lastStatusCode)

    def onCallMediaState(self, prm: pjsua2.OnCallMediaStateParam) -> None:
        if self.recorder is None and self.record:
            self.recorder = pjsua2.AudioMediaRecorder()
            self.recorder.createRecorder(self.record)
            self.getAudioMedia(-1).startTransmit(self.recorder)
            tell("media", address=self.getStreamInfo(0).remoteRtpAddress)


class Account(pjsua2.Account):
    """The phone's login; answers what comes in, as an operator's phone does."""

    def __init__(self, phone: "Phone") -> None:
        super().__init__()
        self.phone = phone

    def onRegState(self, prm: pjsua2.OnRegStateParam) -> None:
        tell("registered", code=prm.code)

    def onIncomingCall(self, prm: pjsua2.OnIncomingCallParam) -> None:
        call = Call(self, prm.callId)
        call.record = self.phone.record_incoming
        self.phone.call = call
        tell("incoming", caller=call.getInfo().remoteUri)
        answer = pjsua2.CallOpParam()
        answer.statusCode = 200
        call.answer(answer)


class Phone:
    """The endpoint, its one account and its one call."""

    def __init__(self, login: dict) -> None:
        self.login = login
        self.call: Call | None = None
        self.record_incoming: str | None = login.get("record_incoming")
        self.endpoint = pjsua2.Endpoint()
        self.endpoint.libCreate()
        config = pjsua2.EpConfig()
        config.uaConfig.threadCnt = 0
        config.uaConfig.mainThreadOnly = True
        config.logConfig.level = config.logConfig.consoleLevel = QUIET
        config.medConfig.clockRate = config.medConfig.sndClockRate = 8000
        config.medConfig.noVad = True
        config.medConfig.ecTailLen = 0
        self.endpoint.libInit(config)
        transport = pjsua2.TransportConfig()
        transport.boundAddress = transport.publicAddress = "127.0.0.1"
        self.endpoint.transportCreate(pjsua2.PJSIP_TRANSPORT_UDP, transport)
        self.endpoint.libStart()
        self.endpoint.audDevManager().setNullDev()
        for codec in self.endpoint.codecEnum2():
            self.endpoint.codecSetPriority(codec.codecId, 255 if codec.codecId.startswith("PCMU") else 0)
        self.account = Account(self)
        self.account.create(self._account(login))

    def _account(self, login: dict) -> pjsua2.AccountConfig:
        account = pjsua2.AccountConfig()
        account.idUri = login.get("from") or f"sip:{login['username']}@{login['server']}"
        account.regConfig.registrarUri = f"sip:{login['server']}:{login['port']}"
        account.regConfig.registerOnAdd = False
        account.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
        account.mediaConfig.transportConfig.port = 20000 + os.getpid() % 5000 * 8  # no phone inherits another's RTP
        credential = pjsua2.AuthCredInfo("digest", "*", login["username"], 0, login["password"])
        account.sipConfig.authCreds.append(credential)
        return account

    def obey(self, order: dict) -> bool:
        """Carries out one order; False for the last."""
        if order["do"] == "register":
            self.account.setRegistration(True)
        elif order["do"] == "dial":
            self.call = Call(self.account)
            self.call.record = order["record"]
            target = f"sip:{order['number']}@{self.login['server']}:{self.login['port']}"
            self.call.makeCall(target, pjsua2.CallOpParam(True))
        elif order["do"] == "press":
            self.call.dialDtmf(order["keys"])
        elif order["do"] == "say":
            self.voice = pjsua2.AudioMediaPlayer()
            self.voice.createPlayer(order["file"], pjsua2.PJMEDIA_FILE_NO_LOOP)
            self.voice.startTransmit(self.call.getAudioMedia(-1))
        elif order["do"] == "hang up":
            self.call.hangup(pjsua2.CallOpParam(True))
        return order["do"] != "quit"

    def run(self) -> None:
        tell("ready")
        waiting, going = b"", True
        while going:
            self.endpoint.libHandleEvents(10)
            if not select.select([0], [], [], 0)[0]:
                continue
            data = os.read(0, 65536)
            *lines, waiting = (waiting + data).split(b"\n")
            for line in lines:
                try:
                    going = self.obey(json.loads(line)) and going
                except pjsua2.Error as error:
                    tell("error", reason=error.reason)
            going = going and bool(data)
        self.endpoint.hangupAllCalls()
        for _ in range(10):
            self.endpoint.libHandleEvents(10)
        os._exit(0)  # PJSIP's own shutdown takes a second or more; nothing is left to save


if __name__ == "__main__":
    Phone(json.loads(sys.argv[1])).run()
