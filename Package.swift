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
        .target(name: "CloudMessaging", swiftSettings: settings),
        .target(
            name: "RelayMachine",
            dependencies: [
                "CloudMessaging",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: settings),
        .target(
            name: "MessageStore",
            dependencies: [
                "CloudMessaging",
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "RelayMachineTests",
            dependencies: ["CloudMessaging", "MessageStore", "RelayMachine"],
            swiftSettings: settings),
    ]
)
