// swift-tools-version:6.2

import PackageDescription

let package = Package(
    name: "shop",
    dependencies: [
        // Yours is .package(url: …) or a path to your clone.
        .package(name: "gcm-simulator", path: "../../..")
    ],
    targets: [
        .testTarget(
            name: "ShopTests",
            dependencies: [
                .product(name: "GCMAppServer", package: "gcm-simulator"),
                .product(name: "GCMTestSupport", package: "gcm-simulator"),
            ])
    ])
