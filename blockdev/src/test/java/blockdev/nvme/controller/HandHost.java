package blockdev.nvme.controller;

import blockdev.media.Medium;
import blockdev.media.MemoryMedium;
import blockdev.memory.HostMemory;
import blockdev.nvme.controller.kpio.KeyPerIo;
import blockdev.nvme.controller.kpio.KeyPerIoModel;
import blockdev.sim.CryptoTiming;
import blockdev.sim.DeviceTiming;
import blockdev.sim.EventQueue;
import blockdev.sim.MediaTiming;
import blockdev.sim.SimTime;
import blockdev.sim.WaitPoint;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.keyslot.CryptoProfile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A controller with 4 keyslots on a medium of 4 MiB, and a host that writes its entries by hand.
 * Data lives in the first MiBs of host memory, the rings in its last.
 */
public final class HandHost implements AutoCloseable {
  public static final int MEMORY_BYTES = 8 << 20;
  public static final int MEDIUM_BYTES = 4 << 20;
  public static final int ADMIN_SQ = 7 << 20;
  public static final int ADMIN_CQ = ADMIN_SQ + 4096;
  public static final int SQ = ADMIN_SQ + 8192;
  public static final int CQ = SQ + 65536;

  public final SimTime time = SimTime.virtual();
  public final EventQueue events = time.newEventQueue();
  public final HostMemory hostMemory = new HostMemory(MEMORY_BYTES);
  public final MemorySegment memory = hostMemory.segment();
  public final Medium medium;
  public final NvmeController controller;
  public final int entries;
  private final int[] tails = new int[2];
  private final int[] heads = new int[2];
  private final int[] passes = new int[2];
  private int result;
  private int status;

  HandHost(int blockBytes, int entries) {
    this(blockBytes, entries, new MemoryMedium(MEDIUM_BYTES));
  }

  private HandHost(int blockBytes, int entries, Medium medium) {
    this(
        new LbaFormat(blockBytes),
        entries,
        medium,
        new CryptoProfile(4, 16, Map.of(CryptoMode.AES_256_XTS, 512 | 4096 | 65536)));
  }

  private HandHost(LbaFormat format, int entries, Medium medium, CryptoProfile profile) {
    this(List.of(Namespace.whole(1, medium, format)), entries, medium, profile, null, 1);
  }

  private HandHost(
      List<Namespace> namespaces,
      int entries,
      Medium medium,
      CryptoProfile profile,
      @Nullable KeyPerIo keyPerIo,
      int queuePairs) {
    this(
        namespaces,
        entries,
        medium,
        profile,
        keyPerIo,
        queuePairs,
        MediaTiming.ofDies(1, 1000, 1_000_000_000));
  }

  private HandHost(
      List<Namespace> namespaces,
      int entries,
      Medium medium,
      CryptoProfile profile,
      @Nullable KeyPerIo keyPerIo,
      int queuePairs,
      MediaTiming timing) {
    this.medium = medium;
    this.entries = entries;
    controller =
        new NvmeController(
            time,
            hostMemory,
            namespaces,
            new InlineCryptoUnit(profile, CipherEngine.named("reference"), 1),
            keyPerIo,
            new DeviceTiming(CryptoTiming.FREE, timing),
            queuePairs,
            Tracer.OFF);
    controller.connectVector(0, events, () -> {});
    controller.connectVector(1, events, () -> {});
    enable();
  }

  /** Enables the controller, whose admin queue starts anew. */
  public void enable() {
    fill(ADMIN_CQ, 16 * entries, 0);
    tails[0] = 0;
    heads[0] = 0;
    passes[0] = 0;
    controller.writeRegister(0x24, (entries - 1) << 16 | entries - 1); // AQA
    controller.writeLongRegister(0x28, ADMIN_SQ);
    controller.writeLongRegister(0x30, ADMIN_CQ);
    controller.writeRegister(0x14, 4 << 20 | 6 << 16 | 1); // CC
  }

  /** With two namespaces of 2 MiB each, of 512 and of 4096 bytes a block, and its queues made. */
  public static HandHost withTwoNamespaces() {
    Medium medium = new MemoryMedium(MEDIUM_BYTES);
    int half = MEDIUM_BYTES / 2;
    List<Namespace> namespaces =
        List.of(
            new Namespace(1, medium, 0, half, new LbaFormat(512)),
            new Namespace(2, medium, half, half, new LbaFormat(4096)));
    CryptoProfile profile = new CryptoProfile(4, 16, Map.of(CryptoMode.AES_256_XTS, 512 | 4096));
    return connect(new HandHost(namespaces, 16, medium, profile, null, 1), 16);
  }

  /** Of a controller with so many I/O queue pairs, of which the first is made. */
  static HandHost withQueues(int queuePairs) {
    Medium medium = new MemoryMedium(MEDIUM_BYTES);
    List<Namespace> whole = List.of(Namespace.whole(1, medium, new LbaFormat(512)));
    return connect(new HandHost(whole, 16, medium, CryptoProfile.none(), null, queuePairs), 16);
  }

  /** Of a device that works on one command, or fused pair, at a time. */
  static HandHost withOneCommandAtATime() {
    Medium medium = new MemoryMedium(MEDIUM_BYTES);
    List<Namespace> whole = List.of(Namespace.whole(1, medium, new LbaFormat(512)));
    long unlimited = MediaTiming.UNLIMITED;
    MediaTiming timing =
        new MediaTiming(1, 0, 0, 0, 0, 0, 1, 1, 1000, 1000, unlimited, unlimited, unlimited, 0);
    return connect(new HandHost(whole, 8, medium, CryptoProfile.none(), null, 1, timing), 8);
  }

  /** With its I/O queue pair made. */
  public static HandHost ready(int blockBytes, int entries) {
    return ready(blockBytes, entries, new MemoryMedium(MEDIUM_BYTES));
  }

  public static HandHost ready(int blockBytes, int entries, Medium medium) {
    return connect(new HandHost(blockBytes, entries, medium), entries);
  }

  /** With {@code profile} and blocks of 512 bytes. */
  public static HandHost ready(CryptoProfile profile) {
    return connect(new HandHost(new LbaFormat(512), 8, new MemoryMedium(MEDIUM_BYTES), profile), 8);
  }

  /** With that format and room for 8 entries. */
  public static HandHost ready(LbaFormat format) {
    return ready(format, new MemoryMedium(MEDIUM_BYTES));
  }

  static HandHost ready(LbaFormat format, Medium medium) {
    CryptoProfile profile =
        new CryptoProfile(4, 16, Map.of(CryptoMode.AES_256_XTS, 512 | 4096 | 65536));
    return connect(new HandHost(format, 8, medium, profile), 8);
  }

  /** Without keyslots, taking keys with commands. */
  public static HandHost slotless(LbaFormat format) {
    CryptoProfile profile = new CryptoProfile(0, 16, Map.of(CryptoMode.AES_256_XTS, 4096));
    return connect(new HandHost(format, 8, new MemoryMedium(MEDIUM_BYTES), profile), 8);
  }

  /** With Key Per I/O and blocks of 512 bytes: namespace 2, the second half, is unmanaged. */
  public static HandHost ready(KeyPerIoModel model) {
    Medium medium = new MemoryMedium(MEDIUM_BYTES);
    LbaFormat format = new LbaFormat(512);
    HandHost host =
        new HandHost(
            List.of(
                new Namespace(1, medium, 0, MEDIUM_BYTES / 2, format),
                new Namespace(2, medium, MEDIUM_BYTES / 2, MEDIUM_BYTES / 2, format)),
            8,
            medium,
            CryptoProfile.none(),
            new KeyPerIo(model, CipherEngine.named("reference"), 2, 1),
            1);
    return connect(host, 8);
  }

  private static HandHost connect(HandHost host, int entries) {
    host.makeIoQueues();
    return host;
  }

  /** Makes the I/O queue pair, which starts anew. */
  public void makeIoQueues() {
    fill(CQ, 16 * entries, 0);
    tails[1] = 0;
    heads[1] = 0;
    passes[1] = 0;
    int idAndSize = 1 | (entries - 1) << 16;
    admin(Command.of(0x05, 0).prp(CQ, 0).cdw10And11(idAndSize, 1 << 16 | 3));
    admin(Command.of(0x01, 0).prp(SQ, 0).cdw10And11(idAndSize, 1 << 16 | 1));
  }

  public int admin(Command command) {
    return execute(0, ADMIN_SQ, ADMIN_CQ, command);
  }

  /** Executes an I/O command and takes its completion; returns the status. */
  public int io(Command command) {
    return execute(1, SQ, CQ, command);
  }

  private int execute(int queue, long sq, long cq, Command command) {
    put(sq + 64L * tails[queue], command);
    tails[queue] = (tails[queue] + 1) % entries;
    controller.queues().ringSubmissionDoorbell(queue, tails[queue]);
    settle();
    int status = statusAt(cq, heads[queue]);
    result = memory.get(ValueLayout.JAVA_INT, cq + 16L * heads[queue]);
    advance(queue);
    return status;
  }

  /** Rings once for I/O commands that the queue has room for; returns their statuses. */
  public int[] ioTogether(Command... commands) {
    for (int i = 0; i < commands.length; i++) {
      commands[i].bytes.putShort(2, (short) i); // ids under way differ
      put(SQ + 64L * tails[1], commands[i]);
      tails[1] = (tails[1] + 1) % entries;
    }
    controller.queues().ringSubmissionDoorbell(1, tails[1]);
    settle();
    int[] statuses = new int[commands.length];
    for (int i = 0; i < statuses.length; i++) {
      takeIo();
      statuses[i] = status;
    }
    return statuses;
  }

  /** Writes a range of Dataset Management. */
  public void putRange(long at, long lba, int blocks) {
    memory.set(ValueLayout.JAVA_LONG, at, (long) blocks << 32);
    memory.set(ValueLayout.JAVA_LONG, at + 8, lba);
  }

  /** Dword 0 of the completion that was taken last. */
  public int result() {
    return result;
  }

  /** Rings an admin command in and lets it be; its completion is the next. */
  public void submitAdmin(Command command) {
    put(ADMIN_SQ + 64L * tails[0], command);
    tails[0] = (tails[0] + 1) % entries;
    controller.queues().ringSubmissionDoorbell(0, tails[0]);
  }

  /** Rings an I/O command in and lets it be. */
  public void submitIo(Command command) {
    put(SQ + 64L * tails[1], command);
    tails[1] = (tails[1] + 1) % entries;
    controller.queues().ringSubmissionDoorbell(1, tails[1]);
  }

  /** The command id of the next completion, which is taken, or −1 if there is none. */
  public int takeAdmin() {
    return take(0, ADMIN_CQ);
  }

  public int takeIo() {
    return take(1, CQ);
  }

  private int take(int queue, long cq) {
    long at = cq + 16L * heads[queue];
    int phase = memory.get(ValueLayout.JAVA_SHORT, at + 14) & 1;
    if (phase == (passes[queue] & 1)) {
      return -1;
    }
    status = statusAt(cq, heads[queue]);
    result = memory.get(ValueLayout.JAVA_INT, at);
    int id = memory.get(ValueLayout.JAVA_SHORT, at + 12) & 0xFFFF;
    advance(queue);
    return id;
  }

  /** The status of the completion that was taken last. */
  public int status() {
    return status;
  }

  private void advance(int queue) {
    heads[queue]++;
    if (heads[queue] == entries) {
      heads[queue] = 0;
      passes[queue]++;
    }
    controller.queues().ringCompletionDoorbell(queue, heads[queue]);
  }

  public void put(long at, Command command) {
    MemorySegment.copy(command.bytes.array(), 0, memory, ValueLayout.JAVA_BYTE, at, 64);
  }

  public int statusAt(long cq, int index) {
    return memory.get(ValueLayout.JAVA_SHORT, cq + 16L * index + 14) >>> 1 & 0x7FF;
  }

  public void settle() {
    settle(10_000_000);
  }

  public void settle(long forNs) {
    WaitPoint over = new WaitPoint();
    events.schedule(over::signal, forNs);
    events.await(over);
  }

  public void fill(long at, int bytes, int value) {
    memory.asSlice(at, bytes).fill((byte) value);
  }

  public byte[] memoryAt(long at, int bytes) {
    return memory.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE);
  }

  public byte[] mediumAt(long at, int bytes) {
    return medium.segment().asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE);
  }

  public static CryptoKey key(int dataUnitSizeBytes) {
    return new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, dataUnitSizeBytes, 16), rawKey());
  }

  public static byte[] rawKey() {
    byte[] raw = new byte[64];
    for (int i = 0; i < 64; i++) {
      raw[i] = (byte) i;
    }
    return raw;
  }

  @Override
  public void close() {
    time.close();
    controller.close();
    medium.close();
    hostMemory.close();
  }
}
