public import EC2
public import Queue

// The real services meet the protocols as they are.
extension EC2Client: EC2Service {}
extension QueueClient: TaskQueue {}
extension InterruptionQueue: InterruptionSource {}
