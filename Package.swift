// swift-tools-version:6.2

import PackageDescription

/// One set of rules for every target: Swift 6 mode comes with the tools version.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.byName(name: name)] + dependencies,
        swiftSettings: settings)
}

let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")

let package = Package(
    name: "gcm-simulator",
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // Headers of the system's libraries.
        .systemLibrary(
            name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),

        // Values: no sockets, clocks, threads or files.
        target("CloudMessaging"),
        target("XMPP", ["CLibXML2"]),
        target("RelayMachine", ["CloudMessaging", deque]),
        target("XMPPSessions", ["CloudMessaging", "XMPP", "RelayMachine"]),

        // What lasts.
        target("MessageStore", ["CloudMessaging", heap]),

        // Bytes in, bytes out.
        target("TLSEngine", ["COpenSSL"]),

        tests("CloudMessaging"),
        tests("XMPP"),
        tests("XMPPSessions"),
        tests("TLSEngine", ["COpenSSL"]),
    ]
)
