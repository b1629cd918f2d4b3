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

let package = Package(
    name: "gcm-simulator",
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .target(name: "CloudMessaging", swiftSettings: settings),
        .testTarget(
            name: "CloudMessagingTests", dependencies: ["CloudMessaging"], swiftSettings: settings),
        .target(name: "TLSEngine", dependencies: ["COpenSSL"], swiftSettings: settings),
        .testTarget(
            name: "TLSEngineTests", dependencies: ["COpenSSL", "TLSEngine"],
            swiftSettings: settings),
    ]
)
