import CloudMessaging
import XMPP

enum DeliveryStanza {
    static func write(
        _ message: DownstreamMessage, from sender: SenderID, to output: inout XMLWriter
    ) {
        var json = Array(#"{"app":"#.utf8)
        JSONStrings.append(message.registration.category.text, to: &json)
        json += Array(#","message_id":"#.utf8)
        JSONStrings.append(message.id.text, to: &json)
        json += Array(#","from":"#.utf8)
        JSONStrings.append(sender.text, to: &json)
        if message.content.count > 2 {
            json.append(UInt8(ascii: ","))
            json += message.content.dropFirst().dropLast()
        }
        json.append(UInt8(ascii: "}"))
        output.openTag("message")
        output.attribute("id", message.id.text)
        output.attribute("from", "\(sender.text)@gcm.googleapis.com")
        output.bytes.append(contentsOf: #"><gcm xmlns="google:mobile:data">"#.utf8)
        output.text(json)
        output.bytes.append(contentsOf: "</gcm></message>".utf8)
    }

    static func write(
        _ notice: DeletionNotice, of registration: Registration, to output: inout XMLWriter
    ) {
        var json = Array(#"{"app":"#.utf8)
        JSONStrings.append(registration.category.text, to: &json)
        json += Array(
            #","message_type":"deleted_messages","total_deleted":"\#(notice.total)"}"#.utf8)
        output.openTag("message")
        output.attribute("from", "gcm.googleapis.com")
        output.bytes.append(contentsOf: #"><gcm xmlns="google:mobile:data">"#.utf8)
        output.text(json)
        output.bytes.append(contentsOf: "</gcm></message>".utf8)
    }
}
