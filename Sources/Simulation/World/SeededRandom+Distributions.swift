import Domain
import Glibc

extension SeededRandom {
    /// Of the exponential distribution with mean 1.
    mutating func exponential() -> Double { -log(1 - fraction()) }

    /// Of the normal distribution with mean 0 and deviation 1: Box and Muller's method.
    mutating func normal() -> Double {
        let radius = sqrt(2 * exponential())
        return radius * cos(2 * .pi * fraction())
    }
}
