/// Streams as real peers write them, and some that no peer should.
enum Conversation {
    static let all = [goClient, server, careless, unicode, prefixed]

    /// Compact, double quotes, `\n` after stanzas, no XML declaration on the second header.
    static let goClient =
        "<?xml version='1.0'?>\n" + Stream.header + """
            <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>ADQyAGtleQ==</auth>
            <success xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>
            """ + Stream.header + """
            <iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>
            <presence xml:lang='en'/>
            <message id=''><gcm xmlns='google:mobile:data'>{"to":"dK3:APA","message_id":"41",\
            "message_type":"ack"}</gcm></message></stream:stream>
            """

    static let server =
        "<stream:stream from=\"gcm.googleapis.com\" id=\"7C19A0D25E3B48F6\" version=\"1.0\" "
        + "xmlns:stream=\"http://etherx.jabber.org/streams\" xmlns=\"jabber:client\">"
        + "<stream:features><mechanisms xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\">"
        + "<mechanism>X-OAUTH2</mechanism><mechanism>X-GOOGLE-TOKEN</mechanism>"
        + "<mechanism>PLAIN</mechanism></mechanisms></stream:features>"
        + "<success xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"/>"
        + "<stream:stream from=\"gcm.googleapis.com\" id=\"E05D4412B97F3A68\" version=\"1.0\" "
        + "xmlns:stream=\"http://etherx.jabber.org/streams\" xmlns=\"jabber:client\">"
        + "<str:features xmlns:str=\"http://etherx.jabber.org/streams\">"
        + "<bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\"/></str:features>"
        + " <message><data:gcm xmlns:data=\"google:mobile:data\">{\"message_type\":\"nack\"}"
        + "</data:gcm></message> "
        + "<message to=\"42@gcm.googleapis.com/R\" from=\"devices@gcm.googleapis.com\" "
        + "type=\"normal\" id=\"m-1\"><gcm xmlns=\"google:mobile:data\">{}</gcm></message>"

    /// A stray `>` after tags, pretty-printed JSON with `&quot;`, white space everywhere.
    static let careless =
        "<?xml version=\"1.0\" encoding='utf-8' ?> " + Stream.header
        + "><auth mechanism = 'PLAIN'\nxmlns='urn:ietf:params:xml:ns:xmpp-sasl' >ADQyAGtleQ=="
        + "</auth >> <success xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"/>>\r\n" + Stream.header
        + "><iq type='set'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>>\n"
        + "<message id='vtPRG-9'><gcm xmlns='google:mobile:data'>{\n"
        + "  &quot;to&quot; : &quot;x&quot;\n}</gcm></message>\n"
        + "<message id=\"\"/>   "

    /// Composed and decomposed letters, emoji, right-to-left text, references, CDATA.
    static let unicode =
        Stream.header + "<message id='\u{E9}-e\u{301}-\u{1F4E6}'><gcm xmlns='google:mobile:data'>"
        + "{\"\u{E9}\":\"e\u{301}\",\"\u{5E9}\u{5DC}\u{5D5}\u{5DD}\":\"\u{1F469}\u{200D}\u{1F680}\""
        + ",\"x\":\"&lt;&amp;&gt;&apos;&#x1F600;&#10;\"}<![CDATA[<&]]]]><![CDATA[>]]></gcm></message>"

    /// The stream's namespace as the default one, stanzas with a prefix.
    static let prefixed =
        "<stream xmlns='http://etherx.jabber.org/streams' xmlns:c='jabber:client' version='1.0'>"
        + "<c:message c:id='1' id='2'><g:gcm xmlns:g='google:mobile:data'>{}</g:gcm></c:message>"
        + "<error><x xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></error></stream>"

    /// Each ends in an error.
    static let broken = [
        "GET / HTTP/1.1\r\n", "<?xml version='1.0' encoding='latin1'?>" + Stream.header,
        Stream.header + "<!DOCTYPE x>", Stream.header + "<message><!-- x --></message>",
        Stream.header + "<message/><message>{\"a\":\"1 < 2\"}</message>",
        Stream.header + "<message>{\"a\":\"Hello <World> &\"}</message><message/>",
        Stream.header + "<message>{\"a\":\"Tom & Jerry\"}</message><message/>",
        Stream.header + "<message>&nbsp;</message>", Stream.header + "<a></b>",
        Stream.header + Stream.header, Stream.header + "<x:message/>",
        Stream.header + "<message><![CDAT[x]]></message>", Stream.header + "</stream>",
    ]
}
