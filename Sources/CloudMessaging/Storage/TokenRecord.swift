/// What a token that an app server sends to stands for.
package enum TokenRecord: Hashable, Sendable {
    /// An app on a device; its own token differs from the asked one when a newer token took the
    /// place of that one. It may be active no more.
    case registration(Registration)
    /// It is the notification key of a group.
    case group(DeviceGroup)
}

/// A token that its app was given a newer one for; it leads to that registration for good.
package struct SupersededToken: Hashable, Sendable {
    package let token: RegistrationToken
    /// `Registration.number`
    package let registration: Int64

    package init(token: RegistrationToken, registration: Int64) {
        self.token = token
        self.registration = registration
    }
}
