import CloudMessaging
import GCMDevice
import Hummingbird
import RelayService

/// The apps on devices that the relay knows, by their tokens; those of devices that live in its
/// process can be made, switched and ended.
extension AdminRoute {
    static let devices = [
        AdminRoute(.get, "/v1/devices") { request, context in
            try request.checkQuery(["after", "limit"])
            let after = try request.integer("after", in: 0...Int.max) ?? 0
            let limit = try request.integer("limit", in: 1...RelayControl.pageLimit) ?? 100
            let page = try await context.control.registrations(after: Int64(after), limit: limit)
            let devices = try await list(page, context)
            return Response {
                $0.add("devices", list: devices)
                if page.count == limit { $0.add("next", ifAny: page.last.map { Int($0.number) }) }
            }
        },
        AdminRoute(.post, "/v1/devices", makeDevice),
        AdminRoute(.get, "/v1/devices/{token}") { request, context in
            try request.checkQuery()
            return try await answer(try await registration(request, context), context)
        },
        AdminRoute(.patch, "/v1/devices/{token}") { request, context in
            try request.checkQuery()
            let registration = try await registration(request, context)
            let body = try await request.json(["online"])
            let isWanted = try body.need("online", try body.flag("online"))
            let device = try await resident(registration, context)
            guard try await device.setOnline(isWanted) else {
                throw AdminError.conflict(
                    "the device does not get online: \(device.trouble ?? "nothing is known")",
                    hint: "it goes on trying; the relay's log says more")
            }
            try await relayKnows(registration.device, isOnline: isWanted, context)
            return try await answer(registration, context)
        },
        AdminRoute(.delete, "/v1/devices/{token}") { request, context in
            try request.checkQuery()
            let registration = try await registration(request, context)
            let device = try await resident(registration, context)
            try await context.residents.remove(device)
            return Response { $0.add("removed", registration.token.text) }
        },
        AdminRoute(.get, "/v1/devices/{token}/pending") { request, context in
            try request.checkQuery()
            let registration = try await registration(request, context)
            let device = await context.residents.device(of: registration.token)
            let mailbox = try await context.control.mailbox(of: registration.number)
            return Response {
                if let device { $0.add("upstream", list: device.pending.map(\.json)) }
                $0.add("downstream", list: mailbox.map(\.json))
            }
        },
    ]

    @Sendable
    private static func makeDevice(
        _ request: AdminRequest, _ context: AdminContext
    ) async throws -> Response {
        try request.checkQuery()
        let body = try await request.json(["app", "sender_id", "client", "online"])
        let app = try body.need(
            "app", try body.value("app", form: "a package name", Category.init))
        let sender = try body.need(
            "sender_id", try body.value("sender_id", form: "a sender ID", SenderID.init))
        let platform: GCMDeviceConfiguration.Platform = try body.choice("client") ?? .android
        let isOnline = try body.flag("online") ?? true
        let device = try await context.residents.add(
            app: app, sender: sender, platform: platform, at: context.relay)
        if !isOnline { _ = try await device.setOnline(false) }
        guard let token = device.token,
            let registration = try await context.control.registration(of: token)
        else { throw AdminError.ended }
        try await relayKnows(registration.device, isOnline: isOnline, context)
        return try await answer(registration, status: .created, context)
    }

    /// Returns once the relay has seen what the device has done; it is told that a moment later.
    private static func relayKnows(
        _ device: DeviceID, isOnline isWanted: Bool, _ context: AdminContext
    ) async throws {
        _ = try await context.control.poll(within: .seconds(5)) {
            let number = try await context.control.lastEvent()
            return (number, try await context.control.areOnline([device]) == [isWanted])
        } until: { _, isSo in
            isSo
        } lastEvent: { number, _ in
            number
        }
    }

    // MARK: Of a token

    private static func registration(
        _ request: AdminRequest, _ context: AdminContext
    ) async throws -> Registration {
        let token = RegistrationToken(request.name("token"))
        guard let registration = try await context.control.registration(of: token),
            registration.isActive
        else {
            throw AdminError.notFound(
                "nobody is registered with the token \"\(token.text)\"",
                hint: "/v1/devices lists who is; POST /v1/devices makes a device")
        }
        return registration
    }

    private static func resident(
        _ registration: Registration, _ context: AdminContext
    ) async throws -> ResidentDevice {
        guard let device = await context.residents.device(of: registration.token) else {
            throw AdminError.conflict(
                "that device does not live in the relay's process",
                hint: "end or switch it where it runs; POST /v1/devices makes one that does")
        }
        return device
    }

    private static func answer(
        _ registration: Registration, status: HTTPResponse.Status = .ok, _ context: AdminContext
    ) async throws -> Response {
        Response(status: status, json: try await list([registration], context)[0])
    }

    private static func list(
        _ registrations: [Registration], _ context: AdminContext
    ) async throws -> [[UInt8]] {
        let areOnline = try await context.control.areOnline(registrations.map(\.device))
        var devices: [[UInt8]] = []
        for (registration, isOnline) in zip(registrations, areOnline) {
            let isResident = await context.residents.device(of: registration.token) != nil
            devices.append(registration.json(isOnline: isOnline, isResident: isResident))
        }
        return devices
    }
}

extension Registration {
    fileprivate func json(isOnline: Bool, isResident: Bool) -> [UInt8] {
        var object = JSONObjectWriter()
        object.add("token", token.text)
        object.add("app", category.text)
        object.add("device", device.description)
        object.add("sender_ids", texts: senders.map(\.text))
        object.add("online", isOnline)
        object.add("resident", isResident)
        object.end()
        return object.bytes
    }
}

extension ResidentLog.Message {
    fileprivate var json: [UInt8] {
        var object = JSONObjectWriter()
        object.add("message_id", id.text)
        object.add("sender_id", sender.text)
        object.add("data", json: data.json)
        object.add("time_to_live", timeToLive ?? Limits.timeToLiveSeconds)
        object.end()
        return object.bytes
    }
}
