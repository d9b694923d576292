package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.GuardCrc;
import blockdev.nvme.NvmeStatus;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random commands in every format against a model that keeps an array for each block: what rests on
 * the medium, the metadata as the host sees them, and the block's state.
 */
class CommandModelTest {
  private static final int COMMANDS = 400;
  private static final int BLOCKS = 24; // that commands use, of those that there are
  private static final int RANGES = 6 << 20;
  private static final int LIST = RANGES + 8192;
  private static final int METADATA = RANGES + 65536;

  static Stream<LbaFormat> formats() {
    LbaFormat small = new LbaFormat(4096, 8);
    LbaFormat middle = new LbaFormat(4096, 16);
    LbaFormat large = new LbaFormat(4096, 64);
    return Stream.of(
        new LbaFormat(512),
        new LbaFormat(4096),
        middle,
        large.withExtended(true),
        small.withProtection(false),
        small.withExtended(true).withProtection(true),
        middle.withProtection(true),
        middle.withExtended(true).withProtection(false),
        large.withProtection(false));
  }

  private final List<String> history = new ArrayList<>();
  private Random random = new Random(0);
  private byte[][] resting = {};
  private byte[][] metadata = {};
  private boolean[] deallocated = {};
  private boolean[] marked = {};

  /** A key in a slot, or none. */
  private record Key(int slot, @Nullable DataUnitCipher cipher, int unit, long dun) {
    Command in(Command command) {
      return cipher == null ? command : command.crypto(15, slot, dun, command.bytes.getLong(16));
    }

    byte[] apply(byte[] block, int index, boolean encrypt) {
      if (cipher == null) {
        return block;
      }
      MemorySegment in = MemorySegment.ofArray(block);
      byte[] out = new byte[block.length];
      MemorySegment to = MemorySegment.ofArray(out);
      long number = dun + (long) index * (block.length / unit);
      if (encrypt) {
        cipher.encrypt(number, 0, 0, 0, unit, in, 0, to, 0, block.length);
      } else {
        cipher.decrypt(number, 0, 0, 0, unit, in, 0, to, 0, block.length);
      }
      return out;
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyCommandDoesToBlocksWhatItDoesToTheModel(LbaFormat format) {
    long seed = 1000L + formats().toList().indexOf(format);
    random = new Random(seed);
    resting = new byte[BLOCKS][format.blockBytes()];
    metadata = IntStream.range(0, BLOCKS).mapToObj(i -> fresh(format)).toArray(byte[][]::new);
    deallocated = new boolean[BLOCKS];
    marked = new boolean[BLOCKS];
    int[] succeeded = new int[256];
    try (HandHost host = HandHost.ready(format);
        CryptoKey key = HandHost.key(512)) {
      host.controller.crypto.program(0, key);
      try (DataUnitCipher cipher =
          CipherEngine.named("reference")
              .prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(HandHost.rawKey()))) {
        Namespace namespace = Objects.requireNonNull(host.controller.namespace(1));
        for (int i = 0; i < COMMANDS; i++) {
          boolean isError = random.nextInt(4) == 0;
          namespace.setDeallocatedIsError(isError);
          int opcode = step(host, format, cipher, isError);
          if (opcode >= 0) {
            succeeded[opcode]++;
          }
          assertMedium(host, namespace, format, seed);
        }
      }
    } catch (RuntimeException failed) {
      throw new AssertionError("seed " + seed + ": " + history, failed);
    }
    for (int opcode : new int[] {0x01, 0x02, 0x04, 0x05, 0x08, 0x09, 0x0C, 0x19}) {
      assertThat(succeeded[opcode])
          .as("successes of %02xh, seed %d", opcode, seed)
          .isGreaterThan(4);
    }
  }

  /** Executes a command or a pair; returns the opcode that succeeded, or −1. */
  private int step(HandHost host, LbaFormat format, DataUnitCipher cipher, boolean isError) {
    int first = random.nextInt(BLOCKS);
    int blocks = 1 + random.nextInt(Math.min(6, BLOCKS - first));
    Key key =
        random.nextBoolean()
            ? new Key(0, cipher, 512, random.nextInt(3) * 1000L)
            : new Key(-1, null, 512, 0);
    int info = format.hasProtection() ? random.nextInt(16) : 0;
    int tag = random.nextInt(3) == 0 ? 0x1111 : 0x2222;
    switch (random.nextInt(9)) {
      case 0, 1 -> {
        return write(host, format, first, blocks, key, info, tag);
      }
      case 2 -> {
        return read(host, format, first, blocks, key, info, tag, isError);
      }
      case 3 -> {
        return compare(host, format, first, blocks, key, info & 7, tag, isError);
      }
      case 4 -> {
        Command verify = key.in(Command.verify(first, blocks).protection(info & 7, first, tag, -1));
        int expected = readable(first, blocks, isError);
        if (expected == 0) {
          expected =
              check(
                  format,
                  plain(first, blocks, key),
                  metadataOf(first, blocks),
                  info & 7,
                  first,
                  tag);
        }
        return expect(host, verify, expected, "verify");
      }
      case 5 -> {
        return zeroes(host, format, first, blocks, key, info & 8, tag);
      }
      case 6 -> {
        host.putRange(RANGES, first, blocks);
        deallocate(format, first, blocks);
        return expect(host, Command.deallocate(1, RANGES), 0, "deallocate");
      }
      case 7 -> {
        int some = Math.min(blocks, 1 + random.nextInt(2));
        Arrays.fill(marked, first, first + some, true);
        Arrays.fill(deallocated, first, first + some, false);
        return expect(host, Command.writeUncorrectable(first, some), 0, "mark");
      }
      default -> {
        return copy(host, format, first, blocks, key, cipher, isError);
      }
    }
  }

  private int write(
      HandHost host, LbaFormat format, int first, int blocks, Key key, int info, int tag) {
    byte[][] data = randomBlocks(blocks, format.blockBytes());
    byte[][] sent = randomBlocks(blocks, format.metadataBytes());
    boolean acts = (info & 8) != 0;
    if (format.hasProtection() && random.nextInt(3) > 0) {
      protect(format, data, sent, first, tag);
    }
    Command command = Command.write(first, blocks, 0, 0);
    toHost(host, format, command, data, sent, acts, key);
    key.in(command.protection(info, first, tag, -1));
    int expected = 0;
    if (acts) {
      protect(format, data, sent, first, tag);
    } else {
      expected = check(format, data, sent, info, first, tag);
    }
    if (expected == 0) {
      put(first, key, data, sent);
    }
    return expect(host, command, expected, "write");
  }

  private void put(int first, Key key, byte[][] data, byte[][] sent) {
    for (int i = 0; i < data.length; i++) {
      resting[first + i] = key.apply(data[i], i, true);
      metadata[first + i] = sent[i];
      deallocated[first + i] = false;
      marked[first + i] = false;
    }
  }

  private int read(
      HandHost host,
      LbaFormat format,
      int first,
      int blocks,
      Key key,
      int info,
      int tag,
      boolean isError) {
    Command command = Command.read(first, blocks, 0, 0);
    boolean acts = (info & 8) != 0;
    int wire = format.wireMetadataBytes(acts);
    Buffer buffer = buffer(host, format, command, blocks, wire, key);
    key.in(command.protection(info, first, tag, -1));
    int expected = readable(first, blocks, isError);
    byte[][] data = plain(first, blocks, key);
    byte[][] sent = metadataOf(first, blocks);
    if (expected == 0) {
      expected = check(format, data, sent, info, first, tag);
    }
    int opcode = expect(host, command, expected, "read");
    if (expected == 0) {
      byte[] stream = stream(format, data, sent, wire);
      assertThat(buffer.read(host)).as(history.toString()).isEqualTo(stream);
      if (wire > 0 && !format.isExtended()) {
        assertThat(host.memoryAt(METADATA, blocks * wire)).isEqualTo(join(sent));
      }
    }
    return opcode;
  }

  private int compare(
      HandHost host,
      LbaFormat format,
      int first,
      int blocks,
      Key key,
      int info,
      int tag,
      boolean isError) {
    byte[][] data = plain(first, blocks, key);
    byte[][] sent = metadataOf(first, blocks);
    int expected = readable(first, blocks, isError);
    if (expected == 0) {
      expected = check(format, data, sent, info, first, tag);
    }
    for (int i = 0; i < blocks; i++) {
      data[i] = data[i].clone();
      sent[i] = sent[i].clone();
      if (format.hasProtection()) {
        sent[i][protectionAt(format) + random.nextInt(8)]++;
      }
    }
    if (random.nextInt(4) == 0) {
      data[random.nextInt(blocks)][random.nextInt(format.blockBytes())] ^= 4;
      expected = expected == 0 ? NvmeStatus.COMPARE_FAILURE : expected;
    } else if (format.metadataBytes() > 8 && random.nextInt(4) == 0) {
      sent[random.nextInt(blocks)][format.protectionFirst() ? 8 : 7] ^= 4;
      expected = expected == 0 ? NvmeStatus.COMPARE_FAILURE : expected;
    }
    boolean pair = random.nextInt(4) == 0;
    Command command = Command.compare(first, blocks, 0, 0).fused(pair ? 1 : 0);
    toHost(host, format, command, data, sent, false, key);
    key.in(command.protection(info, first, tag, -1));
    if (!pair) {
      return expect(host, command, expected, "compare");
    }
    byte[][] next = randomBlocks(blocks, format.blockBytes());
    byte[][] nextMetadata = randomBlocks(blocks, format.metadataBytes());
    Command write = Command.write(first, blocks, 0, 0).fused(2);
    toHost(host, format, write, next, nextMetadata, true, new Key(-1, null, 512, 0), 1);
    write.protection(format.hasProtection() ? 8 : 0, first, tag, 0);
    history.add(String.format("pair %d+%d: %03x", first, blocks, expected));
    int[] statuses = host.ioTogether(command, write);
    assertThat(statuses)
        .as(history.toString())
        .containsExactly(expected, expected == 0 ? 0 : NvmeStatus.ABORTED_FAILED_FUSED);
    if (expected == 0) {
      protect(format, next, nextMetadata, first, tag);
      put(first, new Key(-1, null, 512, 0), next, nextMetadata);
    }
    return expected == 0 ? 5 : -1;
  }

  private int zeroes(
      HandHost host, LbaFormat format, int first, int blocks, Key key, int info, int tag) {
    if (random.nextBoolean()) {
      deallocate(format, first, blocks);
      Command command = Command.deallocateZeroes(first, blocks).protection(info, first, tag, 0);
      return expect(host, key.in(command), 0, "deallocate zeroes");
    }
    byte[][] data = new byte[blocks][format.blockBytes()];
    byte[][] sent = new byte[blocks][format.metadataBytes()];
    if (info != 0) {
      protect(format, data, sent, first, tag);
    }
    put(first, key, data, sent);
    Command command = Command.writeZeroes(first, blocks).protection(info, first, tag, 0);
    return expect(host, key.in(command), 0, "zeroes");
  }

  private void deallocate(LbaFormat format, int first, int blocks) {
    for (int i = first; i < first + blocks; i++) {
      resting[i] = new byte[format.blockBytes()];
      metadata[i] = fresh(format);
      deallocated[i] = true;
      marked[i] = false;
    }
  }

  private int copy(
      HandHost host,
      LbaFormat format,
      int first,
      int blocks,
      Key key,
      DataUnitCipher cipher,
      boolean isError) {
    int from = random.nextInt(BLOCKS - blocks + 1);
    Key sourceKey =
        random.nextBoolean() ? new Key(0, cipher, 512, 1000) : new Key(-1, null, 512, 0);
    ByteBuffer range = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    range.putLong(8, from).putShort(16, (short) (blocks - 1));
    if (sourceKey.cipher() != null) {
      range.putLong(0, 1000).put(18, (byte) 15);
    }
    MemorySegment.copy(MemorySegment.ofArray(range.array()), 0, host.memory, RANGES, 32);
    boolean acts = format.hasProtection() && random.nextBoolean();
    Command command = Command.copy(first, 1, 0, RANGES).protection(acts ? 8 : 0, first, 0x33, 0);
    key.in(command.cdw12(acts ? 8 << 12 : 0));
    int expected = readable(from, blocks, isError);
    if (expected == 0) {
      byte[][] data = plain(from, blocks, sourceKey);
      byte[][] sent = metadataOf(from, blocks);
      for (int i = 0; i < blocks; i++) {
        sent[i] = sent[i].clone();
      }
      if (acts) {
        protect(format, data, sent, first, 0x33);
      }
      put(first, key, data, sent);
    }
    return expect(host, command, expected, "copy from " + from);
  }

  private int expect(HandHost host, Command command, int expected, String what) {
    history.add(
        String.format(
            "%s %d+%d info %x slot %d: %03x",
            what,
            command.bytes.getLong(40),
            (command.bytes.get(48) & 0xFF) + 1,
            command.bytes.getInt(48) >>> 26 & 15,
            (command.bytes.getInt(48) >>> 16 & 15) == 0 ? -1 : command.bytes.getInt(52),
            expected));
    assertThat(host.io(command)).as(history.toString()).isEqualTo(expected);
    return expected == 0 ? command.bytes.get(0) & 0xFF : -1;
  }

  private int readable(int first, int blocks, boolean isError) {
    for (int i = first; i < first + blocks; i++) {
      if (marked[i]) {
        return NvmeStatus.UNRECOVERED_READ_ERROR;
      }
    }
    for (int i = first; i < first + blocks; i++) {
      if (isError && deallocated[i]) {
        return NvmeStatus.DEALLOCATED_OR_UNWRITTEN_BLOCK;
      }
    }
    return 0;
  }

  private byte[][] plain(int first, int blocks, Key key) {
    byte[][] plain = new byte[blocks][];
    for (int i = 0; i < blocks; i++) {
      plain[i] =
          deallocated[first + i]
              ? new byte[resting[0].length]
              : key.apply(resting[first + i], i, false);
    }
    return plain;
  }

  private byte[][] metadataOf(int first, int blocks) {
    return Arrays.copyOfRange(metadata, first, first + blocks);
  }

  private static int protectionAt(LbaFormat format) {
    return format.protectionFirst() ? 0 : format.metadataBytes() - 8;
  }

  private static byte[] fresh(LbaFormat format) {
    byte[] fresh = new byte[format.metadataBytes()];
    if (format.hasProtection()) {
      Arrays.fill(fresh, protectionAt(format), protectionAt(format) + 8, (byte) -1);
    }
    return fresh;
  }

  private static int guard(LbaFormat format, byte[] data, byte[] metadata) {
    int guard = GuardCrc.update(0, MemorySegment.ofArray(data), 0, data.length);
    return GuardCrc.update(guard, MemorySegment.ofArray(metadata), 0, protectionAt(format));
  }

  private static void protect(
      LbaFormat format, byte[][] data, byte[][] metadata, int first, int tag) {
    for (int i = 0; format.hasProtection() && i < data.length; i++) {
      ByteBuffer.wrap(metadata[i])
          .putShort(protectionAt(format), (short) guard(format, data[i], metadata[i]))
          .putShort(protectionAt(format) + 2, (short) tag)
          .putInt(protectionAt(format) + 4, first + i);
    }
  }

  private static int check(
      LbaFormat format, byte[][] data, byte[][] metadata, int info, int first, int tag) {
    for (int i = 0; format.hasProtection() && i < data.length; i++) {
      ByteBuffer tuple = ByteBuffer.wrap(metadata[i]);
      int at = protectionAt(format);
      if (tuple.getShort(at + 2) == -1) {
        continue;
      }
      if ((info & 4) != 0 && tuple.getShort(at) != (short) guard(format, data[i], metadata[i])) {
        return NvmeStatus.GUARD_CHECK_ERROR;
      }
      if ((info & 2) != 0 && tuple.getShort(at + 2) != tag) {
        return NvmeStatus.APPLICATION_TAG_CHECK_ERROR;
      }
      if ((info & 1) != 0 && tuple.getInt(at + 4) != first + i) {
        return NvmeStatus.REFERENCE_TAG_CHECK_ERROR;
      }
    }
    return 0;
  }

  private byte[][] randomBlocks(int count, int bytes) {
    byte[][] blocks = new byte[count][bytes];
    for (byte[] block : blocks) {
      random.nextBytes(block);
    }
    return blocks;
  }

  private static byte[] join(byte[][] parts) {
    ByteBuffer joined = ByteBuffer.allocate(parts.length * parts[0].length);
    for (byte[] part : parts) {
      joined.put(part);
    }
    return joined.array();
  }

  private static byte[] stream(LbaFormat format, byte[][] data, byte[][] metadata, int wire) {
    if (wire == 0 || !format.isExtended()) {
      return join(data);
    }
    byte[][] blocks = new byte[data.length][];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = Arrays.copyOf(data[i], data[i].length + wire);
      System.arraycopy(metadata[i], 0, blocks[i], data[i].length, wire);
    }
    return join(blocks);
  }

  /** Pages of the host in which a command's data lie. */
  private record Buffer(long[] pages, int offset, int bytes) {
    byte[] read(HandHost host) {
      byte[] read = new byte[bytes];
      move(host, MemorySegment.ofArray(read), false);
      return read;
    }

    void move(HandHost host, MemorySegment stream, boolean toHost) {
      int done = 0;
      for (int page = 0; done < bytes; page++) {
        long at = pages[page] + (page == 0 ? offset : 0);
        int piece = (int) Math.min(bytes - done, 4096 - at % 4096);
        if (toHost) {
          MemorySegment.copy(stream, done, host.memory, at, piece);
        } else {
          MemorySegment.copy(host.memory, at, stream, done, piece);
        }
        done += piece;
      }
    }
  }

  private Buffer buffer(
      HandHost host, LbaFormat format, Command command, int blocks, int wire, Key key) {
    return buffer(host, format, command, blocks, wire, key, 0);
  }

  /** Finds pages for a command in the first MiB, or the one after, and points it to them. */
  private Buffer buffer(
      HandHost host, LbaFormat format, Command command, int blocks, int wire, Key key, int half) {
    int bytes = blocks * (format.blockBytes() + (format.isExtended() ? wire : 0));
    boolean anywhere = format.metadataBytes() > 0 || key.cipher() == null;
    int offset = anywhere ? random.nextInt(1024) * 4 : random.nextInt(8) * 512;
    int[] shuffled = new int[16];
    Arrays.setAll(shuffled, i -> i);
    for (int i = 15; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int swap = shuffled[i];
      shuffled[i] = shuffled[other];
      shuffled[other] = swap;
    }
    long[] pages = Arrays.stream(shuffled).mapToLong(i -> (half << 20) + i * 4096L).toArray();
    int count = Math.ceilDiv(offset + bytes, 4096);
    long list = LIST + half * 16384L + 4096 - 8L * (1 + random.nextInt(12));
    command.prp(pages[0] + offset, count > 2 ? list : pages[1]);
    for (int page = 1; count > 2 && page < count; page++) {
      if (list % 4096 == 4088 && page < count - 1) {
        host.memory.set(ValueLayout.JAVA_LONG, list, LIST + half * 16384L + 8192);
        list = LIST + half * 16384L + 8192;
      }
      host.memory.set(ValueLayout.JAVA_LONG, list, pages[page]);
      list += 8;
    }
    if (wire > 0 && !format.isExtended()) {
      command.metadata(METADATA + half * 4096L);
    }
    return new Buffer(pages, offset, bytes);
  }

  private void toHost(
      HandHost host,
      LbaFormat format,
      Command command,
      byte[][] data,
      byte[][] sent,
      boolean acts,
      Key key) {
    toHost(host, format, command, data, sent, acts, key, 0);
  }

  private void toHost(
      HandHost host,
      LbaFormat format,
      Command command,
      byte[][] data,
      byte[][] sent,
      boolean acts,
      Key key,
      int half) {
    int wire = format.wireMetadataBytes(acts);
    Buffer buffer = buffer(host, format, command, data.length, wire, key, half);
    buffer.move(host, MemorySegment.ofArray(stream(format, data, sent, wire)), true);
    if (wire > 0 && !format.isExtended()) {
      byte[] joined = join(sent);
      MemorySegment.copy(
          MemorySegment.ofArray(joined), 0, host.memory, METADATA + half * 4096L, joined.length);
    }
  }

  private void assertMedium(HandHost host, Namespace namespace, LbaFormat format, long seed) {
    byte[] data = host.mediumAt(0, BLOCKS * format.blockBytes());
    assertThat(Arrays.equals(data, join(resting)))
        .as("seed %d, the medium after %s", seed, history)
        .isTrue();
    byte[] region = host.mediumAt(namespace.metadataOffset(0), BLOCKS * format.metadataBytes());
    byte[] expected = join(metadata);
    for (int i = 0; format.hasProtection() && i < BLOCKS; i++) {
      for (int each = 0; each < 8; each++) {
        expected[i * format.metadataBytes() + protectionAt(format) + each] ^= -1;
      }
    }
    assertThat(Arrays.equals(region, expected))
        .as("seed %d, metadata after %s", seed, history)
        .isTrue();
  }
}
