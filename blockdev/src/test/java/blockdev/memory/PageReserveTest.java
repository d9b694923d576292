package blockdev.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A reserve of 8 pages in a memory of 32, of which 2 are left to others. */
class PageReserveTest {
  private static final int PAGE = HostMemory.PAGE_BYTES;

  private final HostMemory memory = new HostMemory(32 * PAGE);
  private final PageReserve reserve = Objects.requireNonNull(PageReserve.of(memory, 8));
  private final ArrayDeque<Runnable> posted = new ArrayDeque<>();
  private final List<String> granted = new ArrayList<>();

  @AfterEach
  void close() {
    memory.close();
  }

  private final class Taker extends PageGrant {
    private final String name;

    Taker(String name) {
      super(32, posted::add);
      this.name = name;
    }

    @Override
    protected void granted() {
      granted.add(name);
    }
  }

  private void runPosted() {
    while (!posted.isEmpty()) {
      posted.pop().run();
    }
  }

  private Taker taken(int pages) {
    Taker taker = new Taker("taker");
    assertThat(reserve.take(taker, pages)).isTrue();
    return taker;
  }

  @Test
  void whatIsKeptBackIsNotFreeForOthers() {
    assertThat(memory.freeBytes()).isEqualTo(24 * PAGE);
  }

  @Test
  void aMemoryThatIsTooSmallKeepsItsPages() {
    assertThat(PageReserve.of(memory, 25)).isNull();
    assertThat(memory.freeBytes()).isEqualTo(24 * PAGE);
  }

  @Test
  void pagesComeFromTheCommonMemoryWhileASixteenthIsFreeAndThenFromTheReserve() {
    for (int i = 0; i < 22; i++) {
      taken(1);
    }
    assertThat(memory.freeBytes()).isEqualTo(2 * PAGE);
    taken(8);
    assertThat(memory.freeBytes()).isEqualTo(2 * PAGE);
    assertThat(reserve.take(new Taker("late"), 1)).isFalse();
  }

  @Test
  void allPagesAreDifferent() {
    List<Long> pages = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Taker taker = taken(5);
      IntStream.range(0, taker.count()).forEach(page -> pages.add(taker.page(page)));
    }
    assertThat(pages).hasSize(30).doesNotHaveDuplicates();
  }

  @Test
  void aTakerGetsAllOrNothingAndThoseAfterItWaitTheirTurn() {
    Taker first = taken(8);
    Taker second = taken(8);
    Taker third = taken(8);
    taken(3); // 3 of 8 are left
    Taker big = new Taker("big");
    Taker small = new Taker("small");
    assertThat(reserve.take(big, 6)).isFalse();
    assertThat(reserve.take(small, 1)).as("behind the big one").isFalse();
    assertThat(granted).isEmpty();
    reserve.giveBack(first);
    assertThat(granted).as("not inside the call").isEmpty();
    runPosted();
    assertThat(granted).containsExactly("big", "small");
    assertThat(big.count()).isEqualTo(6);
    reserve.giveBack(second);
    reserve.giveBack(third);
    assertThat(posted).isEmpty();
  }

  @Test
  void whatComesBackFillsTheReserveBeforeTheCommonMemory() {
    for (int i = 0; i < 22; i++) {
      taken(1);
    }
    Taker last = taken(8);
    reserve.giveBack(last);
    assertThat(memory.freeBytes()).isEqualTo(2 * PAGE);
    assertThat(taken(8).count()).isEqualTo(8);
  }

  @Test
  void moreThanTheReserveHasCannotBePromised() {
    assertThatIllegalArgumentException().isThrownBy(() -> reserve.take(new Taker("big"), 9));
    assertThatIllegalArgumentException().isThrownBy(() -> reserve.take(new Taker("none"), 0));
  }
}
