package blockdev.queue.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.bio.SegmentCursor;
import blockdev.memory.HostMemory;
import blockdev.queue.BioSubmitter;
import blockdev.queue.BlockQueue;
import blockdev.queue.IoThreads;
import blockdev.queue.Request;
import blockdev.queue.Scheduler;
import blockdev.sim.EventQueue;
import blockdev.sim.SimTime;
import blockdev.sim.WaitPoint;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.DataUnitNumber;
import inlinecrypt.Errno;
import inlinecrypt.KeyType;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.keyslot.CryptoProfile;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.KeyslotDevice;
import inlinecrypt.keyslot.KeyslotManager;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * blk-crypto over a device whose medium is an array. The device carries out a command 10 ns after
 * it was issued, or when the test says so; it encrypts nothing, even where its profile says it
 * could.
 */
final class FallbackUnderTest implements AutoCloseable {
  static final int MEDIUM_BYTES = 4 << 20;
  static final int PAGE = HostMemory.PAGE_BYTES;
  private static final int SUBMITTERS = 110;
  private static final long COMMAND_NS = 10;

  /** What the device answers instead of carrying a command out; OK to carry it out. */
  interface Faults {
    BioStatus of(BioOp op, long sector);
  }

  /** A command as the device saw it. */
  record Command(
      BioOp op,
      long sector,
      int bytes,
      boolean encrypted,
      boolean forced,
      boolean noWait,
      boolean mayMerge) {}

  final SimTime time = SimTime.virtual();
  final EventQueue events = time.newEventQueue();
  final HostMemory memory;
  final byte[] medium = new byte[MEDIUM_BYTES];
  final List<Command> commands = new ArrayList<>();
  final List<Request> held = new ArrayList<>();
  final List<Bio> ended = new ArrayList<>();
  final List<CryptoKey> evictedFromDevice = new ArrayList<>();
  Errno evictResult = Errno.OK;
  boolean holding;
  Runnable afterEnd = () -> {}; // in the device's event, when it has told its driver
  Faults faults = (op, sector) -> BioStatus.OK;
  final KeyslotManager keyslots;
  final BlockQueue device;
  final Fallback fallback;
  final BlkCrypto crypto;
  final BioSubmitter submitter;
  private final Random random = new Random(1);
  private final SegmentCursor cursor = new SegmentCursor();

  /** A device without inline encryption. */
  FallbackUnderTest() {
    this(CryptoProfile.none());
  }

  FallbackUnderTest(CryptoProfile profile) {
    memory = new HostMemory(16 << 20);
    keyslots = new KeyslotManager(profile.slotCount(), new DeviceSlots(), time::nowNs);
    device =
        new BlockQueue(
            new QueueLimits(512, 1 << 20, 256),
            MEDIUM_BYTES / 512,
            profile,
            keyslots,
            memory,
            Tracer.OFF,
            (index, request) -> issued(request),
            new IoThreads(Collections.nCopies(SUBMITTERS, events)),
            4,
            Scheduler.NONE);
    fallback = new Fallback(memory, CipherEngine.all(), 100, time::nowNs);
    crypto = BlkCrypto.over(fallback);
    submitter = crypto.submitter(device);
  }

  private void issued(Request request) {
    commands.add(
        new Command(
            request.op(),
            request.sector(),
            request.sizeBytes(),
            !request.crypt().isEmpty(),
            request.isForceUnitAccess(),
            request.first().isNoWait(),
            request.first().mayMerge()));
    if (holding) {
      held.add(request);
    } else {
      events.schedule(() -> carryOut(request), COMMAND_NS);
    }
  }

  /** Carries out the oldest command that is held. */
  void release() {
    Request request = held.removeFirst();
    events.schedule(() -> carryOut(request), 0);
    settle();
  }

  private void carryOut(Request request) {
    BioStatus fault = faults.of(request.op(), request.sector());
    if (fault == BioStatus.OK) {
      int at = (int) request.sector() * 512;
      for (Bio bio = request.first(); bio != null; bio = bio.next()) {
        cursor.start(bio);
        while (cursor.next()) {
          MemorySegment host = memory.segment();
          int bytes = cursor.lengthBytes();
          if (request.op() == BioOp.WRITE) {
            MemorySegment.copy(host, ValueLayout.JAVA_BYTE, cursor.hostOffset(), medium, at, bytes);
          } else {
            MemorySegment.copy(medium, at, host, ValueLayout.JAVA_BYTE, cursor.hostOffset(), bytes);
          }
          at += bytes;
        }
      }
    }
    request.end(fault);
    afterEnd.run();
  }

  // ---- keys

  static CryptoConfig xts(int dataUnitSizeBytes) {
    return new CryptoConfig(CryptoMode.AES_256_XTS, dataUnitSizeBytes, 8);
  }

  static byte[] raw(CryptoMode mode, int number) {
    byte[] raw = new byte[mode.keyBytes()];
    new Random(number).nextBytes(raw);
    return raw;
  }

  static CryptoKey key(CryptoConfig config, int number) {
    return new CryptoKey(config, raw(config.mode(), number));
  }

  static CryptoKey wrappedKey() {
    return new CryptoKey(xts(4096).withKeyType(KeyType.HARDWARE_WRAPPED), new byte[64]);
  }

  /** A key for data units of 4096 bytes, ready for bios. */
  CryptoKey startedKey(int number) {
    return started(xts(4096), number);
  }

  CryptoKey started(CryptoConfig config, int number) {
    CryptoKey key = key(config, number);
    assertThat(crypto.startUsing(device, key)).isEqualTo(Errno.OK);
    return key;
  }

  // ---- memory

  /** Takes {@code bytes} of memory, up to 64 KiB, with random bytes in it. */
  long randomMemory(int bytes) {
    long offset = memory.allocate(bytes);
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    MemorySegment.copy(content, 0, memory.segment(), ValueLayout.JAVA_BYTE, offset, bytes);
    return offset;
  }

  /** Leaves nothing of the memory but what is reserved. */
  void takeAllMemory() {
    while (memory.allocate(PAGE) != HostMemory.NONE) {
      // on
    }
  }

  byte[] bytes(long offset, int bytes) {
    return memory.segment().asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE);
  }

  byte[] onMedium(long sector, int bytes) {
    return Arrays.copyOfRange(medium, (int) sector * 512, (int) sector * 512 + bytes);
  }

  /** What the reference engine makes of {@code plaintext}. */
  static byte[] encrypted(
      CryptoConfig config, byte[] rawKey, DataUnitNumber dun, byte[] plaintext) {
    byte[] ciphertext = plaintext.clone();
    MemorySegment data = MemorySegment.ofArray(ciphertext);
    try (DataUnitCipher cipher =
        CipherEngine.named("reference").prepare(config.mode(), MemorySegment.ofArray(rawKey))) {
      cipher.encrypt(
          dun.limb0(),
          dun.limb1(),
          dun.limb2(),
          dun.limb3(),
          config.dataUnitSizeBytes(),
          data,
          0,
          data,
          0,
          ciphertext.length);
    }
    return ciphertext;
  }

  static byte[] encrypted(int keyNumber, long dun, byte[] plaintext) {
    return encrypted(
        xts(4096), raw(CryptoMode.AES_256_XTS, keyNumber), DataUnitNumber.of(dun), plaintext);
  }

  // ---- bios

  Bio bio(BioOp op, long sector) {
    return new Bio(Bio.MAX_SEGMENTS, ended::add).reset(op, sector);
  }

  Bio bio(BioOp op, long sector, CryptoKey key, long dun) {
    Bio bio = bio(op, sector);
    bio.crypt().set(key, dun);
    return bio;
  }

  /** A bio over one page of its own. */
  Bio pageBio(BioOp op, long sector, CryptoKey key, long dun) {
    Bio bio = bio(op, sector, key, dun);
    bio.addSegment(randomMemory(PAGE), PAGE);
    return bio;
  }

  void submit(Bio... bios) {
    for (Bio bio : bios) {
      submitter.submit(bio);
    }
  }

  /** Starts a thread that submits {@code bio} and waits until it has ended. */
  void startSubmitting(Bio bio, WaitPoint whenEnded) {
    time.start(
        "submits " + bio,
        () -> {
          BioSubmitter own = crypto.submitter(device);
          own.submit(bio);
          own.await(whenEnded);
        });
    settle();
  }

  /** The device holds a write that has all the bounce pages there are. */
  Bio takeAllBouncePages() {
    Bio greedy = bigBio(BioOp.WRITE, 0, startedKey(1000), 0, 256);
    takeAllMemory();
    holding = true;
    submitAndSettle(greedy);
    assertThat(held).hasSize(1);
    holding = false;
    return greedy;
  }

  /**
   * While bounce pages are short, {@code count} threads each write {@code page} under a key of
   * their own, to sector 8 times its number.
   */
  List<Bio> startWriters(int count, long page) {
    List<Bio> bios = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      WaitPoint whenEnded = new WaitPoint();
      Bio bio =
          new Bio(
              1,
              written -> {
                ended.add(written);
                whenEnded.signal();
              });
      bio.reset(BioOp.WRITE, 8L * i).addSegment(page, PAGE);
      bio.crypt().set(startedKey(i), 0);
      startSubmitting(bio, whenEnded);
      bios.add(bio);
    }
    return bios;
  }

  /** Runs all events that are due in the next microsecond. */
  void settle() {
    WaitPoint over = new WaitPoint();
    events.schedule(over::signal, 1000);
    events.await(over);
  }

  /** A write of {@code pages} pages of random bytes that are contiguous 16 at a time. */
  Bio bigBio(BioOp op, long sector, CryptoKey key, long dun, int pages) {
    Bio bio = bio(op, sector, key, dun);
    for (int left = pages; left > 0; left -= 16) {
      int bytes = Math.min(left, 16) * PAGE;
      assertThat(bio.addSegment(randomMemory(bytes), bytes)).isTrue();
    }
    return bio;
  }

  /** Offset and length of each piece of memory that {@code bio} covers. */
  List<long[]> segments(Bio bio) {
    List<long[]> segments = new ArrayList<>();
    cursor.start(bio);
    while (cursor.next()) {
      segments.add(new long[] {cursor.hostOffset(), cursor.lengthBytes()});
    }
    return segments;
  }

  /** All bytes of the memory that {@code bio} covers. */
  byte[] content(Bio bio) {
    byte[] content = new byte[bio.sizeBytes()];
    int at = 0;
    for (long[] segment : segments(bio)) {
      byte[] bytes = bytes(segment[0], (int) segment[1]);
      System.arraycopy(bytes, 0, content, at, bytes.length);
      at += bytes.length;
    }
    return content;
  }

  void submitAndSettle(Bio... bios) {
    submit(bios);
    settle();
  }

  @Override
  public void close() {
    time.close();
    fallback.close();
    memory.close();
  }

  private final class DeviceSlots implements KeyslotDevice {
    @Override
    public void program(int slot, CryptoKey key, KeyslotCompletion done) {
      done.done(Errno.OK);
    }

    @Override
    public void evict(int slot, CryptoKey key, KeyslotCompletion done) {
      evictedFromDevice.add(key);
      done.done(evictResult);
    }
  }
}
