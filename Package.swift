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

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let serviceLifecycle = Target.Dependency.product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let grdb: [Target.Dependency] = [
    .product(name: "GRDB", package: "GRDB.swift"),
    .product(name: "GRDBSQLite", package: "GRDB.swift"),
]
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let orderedCollections = Target.Dependency.product(
    name: "OrderedCollections", package: "swift-collections")

let package = Package(
    name: "gcm-simulator",
    products: [
        .executable(name: "gcm-relay", targets: ["gcm-relay"]),
        .library(name: "GCMAppServer", targets: ["GCMAppServer"]),
        .library(name: "GCMDevice", targets: ["GCMDevice"]),
        .library(name: "GCMTestSupport", targets: ["GCMTestSupport"]),
        .executable(name: "gcm-appserver", targets: ["gcm-appserver"]),
        .executable(name: "gcm-device", targets: ["gcm-device"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Headers of the system's libraries.
        .systemLibrary(
            name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),

        // Values: no sockets, clocks, threads or files.
        target("CloudMessaging"),
        target("XMPP", ["CLibXML2"]),
        target("DeviceMachine", ["CloudMessaging", deque, heap, orderedCollections]),
        target("RelayMachine", ["CloudMessaging", deque, orderedCollections]),
        target("AppServerMachine", ["CloudMessaging", deque, orderedCollections]),
        target("XMPPSessions", ["CloudMessaging", "XMPP", "RelayMachine", deque]),

        // What lasts.
        target("MessageStore", ["CloudMessaging", deque, heap]),
        target("SQLiteSupport", ["CSQLite", "CloudMessaging", "MessageStore"] + grdb),
        target("SQLiteStore", ["CloudMessaging", "MessageStore", "SQLiteSupport"] + grdb),
        target("DeviceOutbox", ["CloudMessaging", "MessageStore", "SQLiteSupport"] + grdb),

        // What happened, and what is to go wrong.
        target("Journal", ["CloudMessaging", deque]),
        target("Faults", ["CloudMessaging", "Journal"]),
        target(
            "Scenario",
            [
                "CloudMessaging", "Journal", "Faults", .product(name: "Yams", package: "Yams"),
            ]),

        // What must hold, read off a journal.
        target("Invariants", ["CloudMessaging", "Journal"]),

        // One process of the cast: its machine with its sessions, for any driver.
        target(
            "Nodes",
            [
                "CloudMessaging", "XMPP", "DeviceMachine", "RelayMachine", "AppServerMachine",
                "XMPPSessions", "Journal", "Faults", deque,
            ]),

        // How the steps of a play are carried out, for any driver.
        target(
            "Stagecraft",
            [
                "CloudMessaging", "DeviceMachine", "AppServerMachine", "RelayMachine",
                "XMPPSessions", "Nodes", "Journal", "Faults", "Scenario",
            ]),

        // The whole road on virtual time.
        target(
            "Simulator",
            [
                "CloudMessaging", "DeviceMachine", "AppServerMachine", "RelayMachine", "Nodes",
                "MessageStore", "Journal", "Faults", "Scenario", "Invariants", "Stagecraft", deque,
                heap,
            ]),

        // Bytes in, bytes out.
        target("TLSEngine", ["COpenSSL"]),

        // Sockets, threads and the clock.
        target(
            "NetworkRuntime",
            [
                "CloudMessaging", "XMPP", "DeviceMachine", "RelayMachine", "AppServerMachine",
                "XMPPSessions", "Journal", "Faults", "Invariants", "Nodes", "MessageStore",
                "TLSEngine", logging,
            ] + nio),

        // Scenarios on sockets.
        target(
            "LiveDriver",
            [
                "CloudMessaging", "DeviceMachine", "AppServerMachine", "RelayMachine", "Nodes",
                "MessageStore", "SQLiteStore", "TLSEngine", "NetworkRuntime", "Journal",
                "Scenario", "Stagecraft",
            ] + nio),

        // Whole programs in parts that others can start.
        target(
            "RelayService",
            [
                "CloudMessaging", "Faults", "Invariants", "RelayMachine", "Journal", "MessageStore",
                "SQLiteStore", "SQLiteSupport", "TLSEngine",
                "NetworkRuntime", "Nodes", "XMPPSessions", logging, serviceLifecycle,
            ] + nio),
        target(
            "Admin",
            [
                "CloudMessaging", "DeviceMachine", "Faults", "GCMDevice", "Journal",
                "NetworkRuntime", "Nodes", "RelayMachine", "RelayService", "Scenario", "Simulator",
                logging, serviceLifecycle,
                .product(name: "Hummingbird", package: "hummingbird"),
            ] + nio),
        // What an app developer imports.
        target(
            "GCMDevice",
            [
                "CloudMessaging", "DeviceMachine", "DeviceOutbox", "MessageStore",
                "NetworkRuntime", "Nodes", "TLSEngine",
            ]),
        target(
            "GCMAppServer",
            [
                "CloudMessaging", "AppServerMachine", "NetworkRuntime", "Nodes", "TLSEngine", deque,
                serviceLifecycle,
            ]),

        // A relay inside other people's tests.
        target(
            "GCMTestSupport",
            [
                "CloudMessaging", "Faults", "GCMAppServer", "GCMDevice", "Journal",
                "NetworkRuntime", "Nodes", "RelayMachine", "RelayService", "TLSEngine", logging,
            ]),

        // Programs.
        target(
            "Command",
            [
                "CloudMessaging", argumentParser, logging, serviceLifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ]),
        .executableTarget(
            name: "gcm-device",
            dependencies: [
                "CloudMessaging", "Command", "DeviceMachine", "GCMDevice", argumentParser,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "gcm-relay",
            dependencies: [
                "Admin",
                "CloudMessaging",
                "Command",
                "Faults",
                "Invariants",
                "Journal",
                "LiveDriver",
                "MessageStore",
                "NetworkRuntime",
                "Nodes",
                "RelayMachine",
                "RelayService",
                "Scenario",
                "Simulator",
                "Stagecraft",
                "TLSEngine",
                "XMPPSessions",
                argumentParser, logging, serviceLifecycle,
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ] + nio,
            swiftSettings: settings),
        .executableTarget(
            name: "gcm-appserver",
            dependencies: [
                "CloudMessaging", "Command", "GCMAppServer", argumentParser,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),

        .executableTarget(
            name: "benchmark",
            dependencies: [
                "AppServerMachine", "CloudMessaging", "XMPPSessions", "TLSEngine", "NetworkRuntime",
                "Nodes", "Journal", "Scenario", "Simulator", "Command", argumentParser,
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ] + nio,
            path: "Sources/Benchmark",
            swiftSettings: settings),

        .executableTarget(
            name: "small-worlds", dependencies: ["Simulator", argumentParser],
            path: "Sources/SmallWorlds", swiftSettings: settings),

        // The programs as separate processes, for tests and the demo.
        .target(name: "RealPrograms", path: "Tests/RealPrograms", swiftSettings: settings),
        // What each fault does, as a table and as a client on the wire, for tests of either driver.
        .target(
            name: "FaultPlays",
            dependencies: ["CloudMessaging", "Faults", "Journal", "Nodes", "XMPP"],
            path: "Tests/FaultPlays", swiftSettings: settings),
        .executableTarget(
            name: "demo",
            dependencies: [
                "CloudMessaging", "RealPrograms",
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Sources/Demo", swiftSettings: settings),

        // The acceptance list of the guide, row by row, over real TLS.
        .testTarget(
            name: "AcceptanceTests",
            dependencies: [
                "CloudMessaging", "GCMAppServer", "GCMDevice", "Invariants", "Journal",
                "MessageStore", "NetworkRuntime",
                "Nodes",
                "RelayMachine", "RelayService", "TLSEngine", "XMPPSessions", logging,
            ] + nio,
            swiftSettings: settings),
        // The relay's HTTP side over real HTTP, with the real libraries behind it.
        tests(
            "Admin",
            [
                "CloudMessaging", "GCMAppServer", "GCMDevice", "Journal", "MessageStore",
                "NetworkRuntime", "Nodes", "RealPrograms", "RelayMachine", "RelayService",
                logging, serviceLifecycle, .product(name: "Yams", package: "Yams"),
            ]),
        tests("CloudMessaging"),
        tests("DeviceMachine", ["CloudMessaging", "MessageStore", deque]),
        tests("RelayMachine", ["CloudMessaging", "MessageStore", deque]),
        tests(
            "GCMDevice",
            [
                "AppServerMachine", "CloudMessaging", "MessageStore", "NetworkRuntime", "Nodes",
                "RelayMachine", "TLSEngine", logging,
            ] + nio),
        tests("GCMTestSupport", ["GCMAppServer", "GCMDevice"]),
        tests("AppServerMachine", ["CloudMessaging"]),
        // The seam's behaviour, on every store that fills it.
        .testTarget(
            name: "StoreTests",
            dependencies: [
                "CloudMessaging", "DeviceOutbox", "MessageStore", "SQLiteStore", "SQLiteSupport",
            ] + grdb,
            swiftSettings: settings),
        // Those of the example that a package of somebody else's has.
        .testTarget(
            name: "ExampleTests", dependencies: ["GCMAppServer", "GCMTestSupport"],
            path: "docs/examples/swift/Tests/ShopTests", swiftSettings: settings),
        // With the real programs.
        .testTarget(
            name: "InteropTests", dependencies: ["RealPrograms"], swiftSettings: settings),
        .testTarget(
            name: "ProgramTests", dependencies: ["RealPrograms"], swiftSettings: settings),
        tests("Journal", ["CloudMessaging"]),
        tests(
            "LiveDriver",
            ["CloudMessaging", "GCMAppServer", "Journal", "Scenario", "Simulator", "TLSEngine"]),
        tests("Invariants", ["CloudMessaging", "Journal"]),
        tests("Faults", ["CloudMessaging", "Journal"]),
        tests(
            "Simulator",
            [
                "AppServerMachine", "CloudMessaging", "DeviceMachine", "Journal", "Nodes",
                "RelayMachine", "Scenario", "XMPPSessions",
            ]),
        tests(
            "Scenario",
            ["CloudMessaging", "Faults", "Journal", "RelayMachine", "XMPPSessions"]),
        tests(
            "Nodes",
            [
                "AppServerMachine", "CloudMessaging", "DeviceMachine", "FaultPlays", "Faults",
                "Journal", "MessageStore", "RelayMachine", "XMPP", "XMPPSessions", deque,
            ]),
        // Every fault over real TLS.
        .testTarget(
            name: "LiveFaultTests",
            dependencies: [
                "CloudMessaging", "DeviceMachine", "FaultPlays", "Faults", "Journal",
                "MessageStore", "NetworkRuntime", "Nodes", "RealPrograms", "RelayMachine",
                "TLSEngine", logging,
            ] + nio,
            swiftSettings: settings),
        tests("XMPP"),
        tests("XMPPSessions", ["AppServerMachine", "CloudMessaging", "RelayMachine", "XMPP"]),
        tests("TLSEngine", ["COpenSSL"]),
        // Every bad input over real TLS: the answer, the log, and that nothing is lost.
        .testTarget(
            name: "BadInputTests",
            dependencies: [
                "CloudMessaging", "DeviceMachine", "DeviceOutbox", "GCMAppServer", "MessageStore",
                "NetworkRuntime", "Nodes", "RealPrograms", "RelayMachine", "RelayService",
                "SQLiteStore", "TLSEngine", "XMPP", "gcm-relay", logging,
            ] + grdb + nio,
            swiftSettings: settings),
        tests(
            "GCMAppServer",
            [
                "CloudMessaging", "DeviceMachine", "Journal", "MessageStore", "NetworkRuntime",
                "Nodes",
                "RealPrograms", "RelayMachine", "TLSEngine", logging, serviceLifecycle,
            ]),
    ]
)
