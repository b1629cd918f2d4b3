/// What the three programs agree on when nobody says otherwise (contract: "Programs").
package enum Defaults {
    package static let senderID = "555000111222"
    package static let apiKey = "demo-key"
    package static let app = "com.example.demo"
}
