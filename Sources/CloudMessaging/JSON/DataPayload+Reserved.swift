extension DataPayload {
    /// The object without its reserved keys, everything else byte by byte; the same when it has none
    /// or is no object.
    package var withoutReservedKeys: DataPayload {
        json.withUnsafeBufferPointer { bytes in
            var kept: [UInt8] = [UInt8(ascii: "{")]
            var isChanged = false
            var scanner = JSONScanner(bytes)
            do throws(JSONError) {
                try scanner.scanObject { key, value in
                    guard JSONStrings.decode(key, in: bytes).map(Self.isReserved) != true else {
                        isChanged = true
                        return
                    }
                    if kept.count > 1 { kept.append(UInt8(ascii: ",")) }
                    kept += bytes[key.range]
                    kept.append(UInt8(ascii: ":"))
                    kept += bytes[value.range]
                }
            } catch {
                return self
            }
            return isChanged ? DataPayload(json: kept + [UInt8(ascii: "}")]) : self
        }
    }
}
