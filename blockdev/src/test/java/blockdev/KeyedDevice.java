package blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.media.MemoryMedium;
import blockdev.memory.HostMemory;
import blockdev.queue.HardwareQueue;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.KeyType;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.WrappedKeyOperation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A simulated device with 1 MiB of medium and 8 MiB of host memory, asked one thing at a time. */
final class KeyedDevice implements AutoCloseable {
  static final int UNIT = 4096;

  final MemoryMedium medium = new MemoryMedium(1 << 20);
  final Simulation simulation;
  final HardwareQueue queue;
  final MemorySegment memory;
  final long page;

  KeyedDevice(DeviceModel device) {
    SimulationConfig defaults = SimulationConfig.defaults();
    simulation =
        new Simulation(
            defaults.withDevice(device).withHost(defaults.host().withMemoryBytes(8 << 20)), medium);
    queue = simulation.queue().submitter();
    HostMemory host = simulation.queue().memory();
    memory = host.segment();
    page = host.allocate(HostMemory.MAX_RUN_BYTES);
  }

  static CryptoKey raw(byte[] bytes) {
    return new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, UNIT, 8), bytes);
  }

  static CryptoKey wrapped(byte[] ephemeralBlob) {
    return new CryptoKey(
        new CryptoConfig(CryptoMode.AES_256_XTS, UNIT, 8).withKeyType(KeyType.HARDWARE_WRAPPED),
        ephemeralBlob);
  }

  /** Writes {@code plaintext} to sector 0, from data unit 7 on. */
  BioStatus write(CryptoKey key, byte[] plaintext) {
    MemorySegment.copy(plaintext, 0, memory, ValueLayout.JAVA_BYTE, page, plaintext.length);
    return run(BioOp.WRITE, key, page, plaintext.length);
  }

  /** Reads back what {@link #write} wrote. */
  byte[] read(CryptoKey key, int bytes) {
    memory.asSlice(page, bytes).fill((byte) 0);
    assertThat(run(BioOp.READ, key, page, bytes)).isEqualTo(BioStatus.OK);
    return memory.asSlice(page, bytes).toArray(ValueLayout.JAVA_BYTE);
  }

  BioStatus run(BioOp op, CryptoKey key, long hostOffset, int bytes) {
    WaitPoint done = new WaitPoint();
    Bio bio = start(op, key, hostOffset, bytes, done);
    queue.await(done);
    return bio.status();
  }

  Bio start(BioOp op, CryptoKey key, long hostOffset, int bytes, WaitPoint done) {
    Bio bio = new Bio(1, ended -> done.signal()).reset(op, 0);
    bio.addSegment(hostOffset, bytes);
    bio.crypt().set(key, 7);
    queue.submit(bio);
    return bio;
  }

  /** The output of an operation that succeeds. */
  byte[] wrappedKey(WrappedKeyOperation operation, byte... input) {
    AtomicReference<byte[]> blob = new AtomicReference<>(new byte[0]);
    assertThat(perform(operation, input, blob::set)).isEqualTo(Errno.OK);
    return blob.get();
  }

  Errno refusal(WrappedKeyOperation operation, byte[] input) {
    return perform(operation, input, output -> assertThat(output).isEmpty());
  }

  private Errno perform(WrappedKeyOperation operation, byte[] input, Consumer<byte[]> taker) {
    return await(done ->
        simulation
            .queue()
            .wrappedKeys()
            .perform(
                operation,
                input,
                (result, output) -> {
                  taker.accept(output);
                  done.done(result);
                }));
  }

  Errno evict(CryptoKey key) {
    return await(done -> simulation.queue().evict(key, done));
  }

  /** What {@code call} tells its completion. */
  Errno await(Consumer<KeyslotCompletion> call) {
    WaitPoint over = new WaitPoint();
    AtomicReference<Errno> told = new AtomicReference<>(Errno.EIO);
    call.accept(result -> {
      told.set(result);
      over.signal();
    });
    queue.await(over);
    return told.get();
  }

  byte[] onMedium(int bytes) {
    return medium.segment().asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
  }

  /** What the medium holds of {@code plaintext} according to the reference engine. */
  static byte[] ciphertext(byte[] key, byte[] plaintext) {
    byte[] expected = new byte[plaintext.length];
    try (DataUnitCipher reference =
        CipherEngine.named("reference")
            .prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(key))) {
      reference.encrypt(
          7,
          0,
          0,
          0,
          UNIT,
          MemorySegment.ofArray(plaintext),
          0,
          MemorySegment.ofArray(expected),
          0,
          plaintext.length);
    }
    return expected;
  }

  /** How often {@code wanted} stands anywhere in host memory. */
  int countInHostMemory(byte[] wanted) {
    byte[] all = memory.toArray(ValueLayout.JAVA_BYTE);
    int count = 0;
    for (int at = 0; at <= all.length - wanted.length; at++) {
      if (all[at] == wanted[0]
          && Arrays.equals(all, at, at + wanted.length, wanted, 0, wanted.length)) {
        count++;
      }
    }
    return count;
  }

  @Override
  public void close() {
    simulation.close();
    medium.close();
  }
}
