"""A dozen statements are an app server: logs in, verifies the relay, ACKs one message, and ends."""

import json
import os
import ssl

from slixmpp import ClientXMPP
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

GCM = "{google:mobile:data}gcm"
login = os.environ["GCM_RELAY_SENDER_ID"] + "@gcm.googleapis.com"
server = ClientXMPP(login, os.environ["GCM_RELAY_API_KEY"], sasl_mech="PLAIN",
                    ssl_context=ssl.create_default_context())
server.enable_direct_tls, server.enable_starttls = True, False
server.credentials["username"] = login


def acknowledge(stanza):
    message = json.loads(stanza.xml.find(GCM).text)
    print("ACKed", message["message_id"], message["data"], flush=True)
    ack = {"to": message["from"], "message_id": message["message_id"], "message_type": "ack"}
    server.send_raw(f'<message><gcm xmlns="{GCM[1:-4]}">{json.dumps(ack)}</gcm></message>')
    server.disconnect()


matcher = MatchXPath(f"{{jabber:client}}message/{GCM}")
server.register_handler(Callback("message", matcher, acknowledge))
server.connect(os.environ["GCM_RELAY_HOST"], int(os.environ["GCM_RELAY_PORT"]))
server.loop.run_until_complete(server.disconnected)
