import Foundation
import Platform
import Testing

@Suite("ProcessEnvironment")
struct ProcessEnvironmentTests {
    @Test("removes only the variable that a CGI program gets from the header Proxy")
    func proxyHeader() async {
        await #expect(processExitsWith: .exitCode(7)) {
            setenv("HTTP_PROXY", "http://attacker.invalid", 1)
            setenv("HTTPS_PROXY", "http://proxy.invalid", 1)
            ProcessEnvironment.removeProxyHeader()
            let variables = ProcessEnvironment.variables
            exit(variables["HTTP_PROXY"] == nil && variables["HTTPS_PROXY"] != nil ? 7 : 1)
        }
    }
}
