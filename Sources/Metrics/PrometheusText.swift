import Domain

/// A metric's value for one set of labels.
package struct Sample: Hashable, Sendable {
    package let metric: Metric
    package let labels: [(name: String, value: String)]
    package let value: Double

    package init(_ metric: Metric, _ value: Double, _ labels: (name: String, value: String)...) {
        self.metric = metric
        self.labels = labels
        self.value = value
    }

    package static func == (left: Sample, right: Sample) -> Bool {
        left.metric == right.metric && left.value == right.value
            && left.labels.elementsEqual(right.labels, by: ==)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(metric)
        for label in labels {
            hasher.combine(label.name)
            hasher.combine(label.value)
        }
    }
}

/// Prometheus's text exposition format, version 0.0.4.
package enum PrometheusText {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// All metrics in the order of their table, each with its description; those without a value are left out.
    package static func render(_ samples: [Sample]) -> String {
        let byMetric = Dictionary(grouping: samples, by: \.metric)
        var text = ""
        for metric in Metric.allCases {
            guard let samples = byMetric[metric], !samples.isEmpty else { continue }
            text +=
                "# HELP \(metric.rawValue) \(metric.help)\n# TYPE \(metric.rawValue) \(metric.kind.rawValue)\n"
            for sample in samples {
                let labels = sample.labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(
                    separator: ",")
                text += metric.rawValue + (labels.isEmpty ? "" : "{\(labels)}") + " \(number(sample.value))\n"
            }
        }
        return text
    }

    /// The format escapes backslash, quote and line feed. Other unsafe scalars have the visible form of `SafeText`: a
    /// terminal may show the metrics.
    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            case _ where SafeText.isUnsafe(scalar):
                text += "\\\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private static func number(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return "\(whole)" }
        if value.isNaN { return "NaN" }
        return value.isInfinite ? (value > 0 ? "+Inf" : "-Inf") : "\(value)"
    }
}
