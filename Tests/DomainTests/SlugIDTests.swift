import Domain
import Testing

@Suite("Slugids")
struct SlugIDTests {
    @Test("a slugid of any bytes has the documented form")
    func form() {
        for byte in UInt8.min...UInt8.max {
            #expect(SlugID.isValid(SlugID.make(random: Array(repeating: byte, count: 16))))
        }
        #expect(!SlugID.isValid("AAAAAAAAAAAAAAAAAAAAAA"))
    }
}
