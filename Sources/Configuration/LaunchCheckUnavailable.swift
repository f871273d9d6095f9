/// EC2 did not respond in time to the launch check.
package struct LaunchCheckUnavailable: Error, Sendable {
    package let message: String

    package init(_ message: String) { self.message = message }
}
