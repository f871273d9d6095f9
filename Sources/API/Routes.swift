extension Route {
    private static let manage = "aws-provisioner:manage-worker-type:<workerType>"

    /// All methods. The router and the reference are derived from this table.
    static let all: [Route] = [
        Route(
            "listWorkerTypeSummaries", "GET", "/list-worker-type-summaries",
            "List worker types with details", category: "Worker types", output: .workerTypeSummaries,
            description: "Return a list of worker types, including some summary information about current "
                + "capacity for each. While this list includes all defined worker types, there may be running "
                + "EC2 instances for deleted worker types that are not included here.",
            respond: FleetHandlers.summaries),
        Route(
            "createWorkerType", "PUT", "/worker-type/<workerType>", "Create new Worker Type",
            category: "Worker types", scope: manage, input: .createWorkerType, output: .workerType,
            description: "Create a worker type. If it exists with the same definition, the response contains "
                + "the stored worker type; another definition is a conflict. The scopes of the caller must satisfy all "
                + "scopes in the definition.",
            handler: WorkerTypeHandlers.create),
        Route(
            "updateWorkerType", "POST", "/worker-type/<workerType>/update", "Update Worker Type",
            category: "Worker types", scope: manage, input: .createWorkerType, output: .workerType,
            description:
                "Replace the definition of an existing worker type. The scopes of the caller must satisfy the "
                + "scopes that the stored definition does not contain.",
            handler: WorkerTypeHandlers.update),
        Route(
            "workerTypeLastModified", "GET", "/worker-type-last-modified/<workerType>",
            "Get Worker Type Last Modified Time", category: "Worker types", output: .lastModified,
            description:
                "Return the time of the last change of a worker type. Clients compare it before they fetch the definition.",
            respond: WorkerTypeHandlers.lastModified),
        Route(
            "workerType", "GET", "/worker-type/<workerType>", "Get Worker Type", category: "Worker types",
            output: .workerType,
            description:
                "Return the definition of a worker type. The values of its secrets are shown to a caller with the scope "
                + "aws-provisioner:manage-worker-type:<workerType> or aws-provisioner:view-worker-type:<workerType>. Other callers "
                + "receive the placeholder \"<secret>\".",
            handler: WorkerTypeHandlers.get),
        Route(
            "removeWorkerType", "DELETE", "/worker-type/<workerType>", "Delete Worker Type",
            category: "Worker types", scope: manage,
            description:
                "Remove a worker type. A missing worker type is no error. The next iteration cancels its spot "
                + "requests and terminates its instances.",
            respond: WorkerTypeHandlers.remove),
        Route(
            "listWorkerTypes", "GET", "/list-worker-types", "List Worker Types", category: "Worker types",
            output: .workerTypes, description: "Return the names of all worker types.",
            respond: WorkerTypeHandlers.list),
        Route(
            "createSecret", "PUT", "/secret/<token>", "Create new Secret", category: "Secrets",
            scope: "aws-provisioner:create-secret:<workerType>", input: .createSecret,
            description:
                "Store a secret under a token. The same secret for the same token is accepted again, another "
                + "secret is a conflict. The scopes of the caller must satisfy the scopes of the secret. The secret ends with "
                + "the client that created it.",
            respond: SecretHandlers.create),
        Route(
            "getSecret", "GET", "/secret/<token>", "Get a Secret", category: "Secrets",
            output: .secret,
            description:
                "Fetch a secret, its scopes, and temporary credentials with these scopes. A secret can be fetched "
                + "once. The token authorizes the caller.", takesHead: false,
            respond: SecretHandlers.get),
        Route(
            "instanceStarted", "GET", "/instance-started/<instanceId>/<token>",
            "Report an instance starting", category: "Secrets",
            description:
                "Report that an instance has started. The token belongs to the first instance that reports with it.",
            takesHead: false,
            respond: SecretHandlers.instanceStarted),
        Route(
            "removeSecret", "DELETE", "/secret/<token>", "Remove a Secret", category: "Secrets",
            description: "Remove a secret. A missing secret is no error.",
            respond: SecretHandlers.remove),
        Route(
            "getLaunchSpecs", "GET", "/worker-type/<workerType>/launch-specifications",
            "Get All Launch Specifications for WorkerType", category: "State",
            stability: .experimental, output: .launchSpecs,
            description:
                "Return a preview of the launch specification of every region and instance type. The values of "
                + "secrets are shown to the callers to whom workerType shows them.",
            handler: WorkerTypeHandlers.launchSpecs),
        Route(
            "state", "GET", "/state/<workerType>", "Get AWS State for a worker type", category: "State",
            output: .state,
            description: "Return the instances and requests of a worker type as of the last iteration.",
            respond: FleetHandlers.state),
        Route(
            "backendStatus", "GET", "/backend-status", "Backend Status", category: "State",
            stability: .experimental, output: .backendStatus,
            description: "Return the state of the iterations, and the end of the last iteration.",
            respond: ServiceHandlers.backendStatus),
        Route(
            "ping", "GET", "/ping", "Ping Server", category: "Ping Server",
            description: "Respond without any other effect.", respond: ServiceHandlers.ping),
    ]
}
