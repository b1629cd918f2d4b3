/// Names of the stanzas' payloads.
package enum GCMNamespace {
    /// Of `<gcm/>`, which carries the JSON (documentation).
    package static let data = "google:mobile:data"
    /// Of check-in, registration and error codes on the device stream: ours.
    package static let device = "urn:gcm-simulator:device"
}
