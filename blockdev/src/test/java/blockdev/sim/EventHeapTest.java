package blockdev.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventHeapTest {
  private final EventHeap heap = new EventHeap();
  private final List<String> ran = new ArrayList<>();
  private long nowNs;

  @Test
  void anEmptyHeapGivesNull() {
    assertThat(heap.poll(0)).isNull();
  }

  @Test
  void eventsRunInOrderOfTimeAndThenOfScheduling() {
    add("c", 20);
    add("a", 10);
    add("d", 20);
    add("b", 10);
    add("now", 0);
    runAll();
    assertThat(ran).containsExactly("now@0", "a@10", "b@10", "c@20", "d@20");
  }

  @Test
  void whatWasScheduledEarlierForThisInstantRunsBeforeWhatIsDueNow() {
    add("first", 10, () -> add("third", 0));
    add("second", 10);
    runAll();
    assertThat(ran).containsExactly("first@10", "second@10", "third@10");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theOrderIsThatOfAStableSort(long seed) {
    record Event(long atNs, int number) {}
    Random random = new Random(seed);
    List<Event> expected = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    for (int step = 0; step < 5000; step++) {
      if (random.nextInt(5) < 3) {
        int number = step;
        long delayNs = random.nextInt(3) == 0 ? 0 : random.nextInt(30);
        expected.add(new Event(nowNs + delayNs, number));
        heap.add(() -> numbers.add(number), nowNs, delayNs);
      } else {
        Event next = expected.stream().min(Comparator.comparingLong(Event::atNs)).orElse(null);
        expected.remove(next);
        numbers.clear();
        boolean ranOne = runOne();
        assertThat(ranOne).isEqualTo(next != null);
        if (next != null) {
          assertThat(numbers).as("seed %d step %d", seed, step).containsExactly(next.number);
          assertThat(nowNs).isEqualTo(next.atNs);
        }
      }
    }
  }

  private void add(String name, long delayNs) {
    add(name, delayNs, () -> {});
  }

  private void add(String name, long delayNs, Runnable then) {
    heap.add(
        () -> {
          ran.add(name + "@" + nowNs);
          then.run();
        },
        nowNs,
        delayNs);
  }

  private void runAll() {
    while (runOne()) {}
  }

  private boolean runOne() {
    Runnable event = heap.poll(nowNs);
    if (event == null) {
      return false;
    }
    nowNs = heap.polledAtNs();
    event.run();
    return true;
  }
}
