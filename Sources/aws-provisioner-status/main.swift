import StatusPage

StatusProgram.run()
