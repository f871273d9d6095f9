import Domain
import Glibc

extension SeededRandom {
    /// Returns a value of the exponential distribution with mean 1.
    mutating func exponential() -> Double { -log(1 - fraction()) }

    /// Returns a value of the standard normal distribution (Box-Muller transform).
    mutating func normal() -> Double {
        let radius = sqrt(2 * exponential())
        return radius * cos(2 * .pi * fraction())
    }
}
