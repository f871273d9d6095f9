import Configuration
import Formats
import Testing

@Suite("Settings of notifications")
struct NotificationSettingsTests {
    private func problems(_ file: JSONObject) -> [String] {
        do {
            _ = try Settings(file: file, environment: [:])
            return []
        } catch {
            return error.problems
        }
    }

    @Test("are refused if they are invalid, without the key of the webhook in the message")
    func notifications() throws {
        let settings = try Settings(
            file: [
                "notifyAddress": "ops@example.com", "notifyWebhook": "https://hooks.example.com",
                "notifyWebhookKey": "planted-key-of-the-webhook", "notifyCommand": "page 'on call' now",
            ], environment: [:])
        #expect(settings.notifyCommand == ["page", "on call", "now"])
        var text = ""
        dump(settings, to: &text)
        #expect(!text.contains("planted"))
        #expect(problems(["notifyAddress": "ops"]).allSatisfy { $0.contains("e-mail address") })
        for (key, value) in [
            ("notifyAddress", "ops"), ("notifyWebhook", "hooks.example.com"), ("notifyWebhookKey", "planted"),
            ("notifyCommand", "page 'on"), ("notifyCommand", "  "), ("notifyOwners", "maybe"),
        ] {
            let found = problems([key: .string(value)])
            #expect(found.count == 1, "\(key) \(value)")
            #expect(!found.joined().contains("planted"))
        }
    }
}
