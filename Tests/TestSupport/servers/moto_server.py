"""The unmodified server of moto with all services."""
from moto.server import ThreadedMotoServer

from common import end_with_parent

moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
moto.start()
print(moto.get_host_and_port()[1], flush=True)
end_with_parent()
moto._thread.join()
