/// The style sheet `style.css` of all pages. Each page contains it, and the browser uses no other.
package enum StyleSheet {
    /// The source expression of the style sheet in `Content-Security-Policy`: its SHA-256. A test computes it.
    package static let hash = "sha256-7TG6ZdK3mFNqvfsLl+mPp5GWL1BKnOAIori1DYh47yM="

    /// The file without the line break at its end.
    static let text = String(decoding: PackageResources.style_css.dropLast(), as: UTF8.self)
}
