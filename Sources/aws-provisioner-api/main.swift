import API

APIProgram.run()
