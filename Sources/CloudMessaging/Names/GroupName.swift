/// What an app server calls a device group, unique for its sender: `notification_key_name`, 1…255
/// bytes.
package struct GroupName: ByteIdentified {
    package let text: String

    /// Nil when empty, too long, or with a character that XML 1.0 forbids.
    package init?(_ text: String) {
        guard Limits.groupNameBytes.contains(text.utf8.count), text.isAllowedInXML
        else { return nil }
        self.text = text
    }
}
