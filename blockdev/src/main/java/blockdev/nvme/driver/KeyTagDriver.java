package blockdev.nvme.driver;

import blockdev.sim.SimTime;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.KeyslotDevice;

/**
 * The key tags of a namespace as keyslots: programming one imports the key, evicting clears it. One
 * call is under way at a time, as the keyslot manager promises.
 */
final class KeyTagDriver implements KeyslotDevice {
  private final KeyChannel channel;
  private final int namespace;
  private final SimTime time;
  private final Tracer tracer;

  KeyTagDriver(KeyChannel channel, int namespace, SimTime time, Tracer tracer) {
    this.channel = channel;
    this.namespace = namespace;
    this.time = time;
    this.tracer = tracer;
  }

  @Override
  public void program(int slot, CryptoKey key, KeyslotCompletion done) {
    long startNs = time.nowNs();
    channel.inject(
        namespace,
        slot,
        key.exposeSecretBytes(),
        injected -> {
          Errno result = injected ? Errno.OK : Errno.EIO;
          tracer.keyslotProgrammed(slot, key, result, time.nowNs() - startNs);
          done.done(result);
        });
  }

  @Override
  public void evict(int slot, CryptoKey key, KeyslotCompletion done) {
    channel.clear(namespace, slot, cleared -> done.done(cleared ? Errno.OK : Errno.EIO));
  }
}
