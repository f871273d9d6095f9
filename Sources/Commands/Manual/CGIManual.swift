/// The manual pages of the CGI programs.
enum CGIManual {
    static let all = [
        page(
            "aws-provisioner-api", "HTTP API of aws-provisioner, as a CGI program",
            [
                "Answers one request of clients or workers, and ends.",
                "A web server starts it with the variables of CGI/1.1 and the body of the request on standard input.",
                "The addresses begin with /v1 or /api/aws-provisioner/v1.",
                "GET /references/aws-provisioner/v1/api.json returns the reference of all methods with their scopes.",
                ".Pp", "It reads and writes the database, and needs the encryption key.",
                "The database of an earlier version is refused until",
                ".Xr aws-provisioner-migrate 1", "has migrated it.",
            ]),
        page(
            "aws-provisioner-status", "status page of aws-provisioner, as a CGI program",
            [
                "Answers one request of a browser or of Prometheus, and ends.",
                "The page shows the deployment without secrets; /metrics returns the metrics.",
                "It opens the database for reading, and needs no encryption key.",
                "The program has no authentication: limit the access in the web server.", ".Pp",
                "The command",
                ".Cm aws-provisioner status", "has the page", ".Xr aws-provisioner-status-command 1 .",
            ]),
    ]

    private static func page(_ name: String, _ purpose: String, _ description: [String]) -> (
        name: String, text: String
    ) {
        let title = name.replacing("-", with: "\\-")
        let lines =
            [
                ".Dd $Mdocdate$", ".Dt \(title.uppercased()) 1", ".Os", ".Sh NAME", ".Nm \(title)",
                ".Nd \(purpose)", ".Sh SYNOPSIS", ".Nm \(title)", ".Sh DESCRIPTION",
            ] + description + [
                ".Sh ENVIRONMENT", "The variables of CGI/1.1 (RFC 3875), and the settings that",
                ".Xr aws-provisioner 1", "describes.", ".Sh FILES", ".Bl -tag -width Ds",
                ".It Pa /etc/aws\\-provisioner/config.json", "Settings, unless", ".Ev AWS_PROVISIONER_CONFIG",
                "names another file.", ".El", ".Sh EXIT STATUS",
                "0 after each response, also after one with an error.",
                "Problems that only the operator may see are written to standard error, which the web server logs.",
                ".Sh SEE ALSO", ".Xr aws-provisioner 1",
            ]
        return (name, lines.joined(separator: "\n") + "\n")
    }
}
