import Testing

@Suite("What the project says about itself")
struct ReadmeTests {
    @Test("A-01 the README says when GCM was deprecated and removed, and names FCM")
    func deprecation() throws {
        let readme = try Repository.text("README.md")
        #expect(readme.contains(/10 April 2018|April 10, 2018|2018-04-10/))
        #expect(readme.contains(/29 May 2019|May 29, 2019|2019-05-29/))
        #expect(readme.contains("Firebase Cloud Messaging") && readme.contains("FCM"))
    }
}
