//! Whose turn it is: so many fetches at once in all, and one at a time for each server of the open internet.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::feed::Feed;
use crate::fetch::server;

/// The permits that a fetch needs.
pub(super) struct Turns {
    all: Arc<Semaphore>,
    servers: HashMap<String, Arc<Semaphore>>,
}

/// Given back when dropped.
pub(super) struct Turn {
    _of_server: Option<OwnedSemaphorePermit>,
    _of_all: Option<OwnedSemaphorePermit>,
}

impl Turns {
    pub(super) fn new(feeds: &[Feed], at_once: usize) -> Self {
        let servers = feeds.iter().map(|feed| (queue(feed), Arc::new(Semaphore::new(1)))).collect();
        Self { all: Arc::new(Semaphore::new(at_once.max(1))), servers }
    }

    /// The same for other feeds: a server that is being asked is still being asked.
    pub(super) fn renewed(&self, feeds: &[Feed], at_once: usize) -> Self {
        let mut renewed = Self::new(feeds, at_once);
        for (server, turn) in &mut renewed.servers {
            if let Some(before) = self.servers.get(server) {
                *turn = Arc::clone(before);
            }
        }
        renewed
    }

    /// The server's turn comes first: feeds that queue for a slow server hold up nobody else.
    pub(super) async fn take(&self, feed: &Feed) -> Turn {
        // A semaphore that is never closed never refuses.
        let of_server = match self.servers.get(&queue(feed)) {
            Some(server) => Arc::clone(server).acquire_owned().await.ok(),
            None => None,
        };
        Turn { _of_server: of_server, _of_all: Arc::clone(&self.all).acquire_owned().await.ok() }
    }
}

/// What a feed queues for. A server of one's own network needs no sparing, and then no feed waits for another.
fn queue(feed: &Feed) -> String {
    if feed.private { feed.id.to_string() } else { server(&feed.address) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hydro::FeedId;
    use tokio::time::timeout;

    use super::*;
    use crate::formats::Format;
    use crate::schedule::Schedule;

    fn feed(id: &str, address: &str) -> Feed {
        Feed {
            id: FeedId::new(id).unwrap(),
            address: address.parse().unwrap(),
            format: Format::PiXml,
            place: None,
            schedule: Schedule::parse("* * * * *").unwrap(),
            max_bytes: 1,
            private: address.contains("localhost"),
            places: std::collections::BTreeMap::new(),
        }
    }

    #[tokio::test]
    async fn one_at_a_time_for_each_server_and_so_many_in_all() {
        let feeds = [
            feed("a", "https://one.example/a"),
            feed("b", "https://one.example/b"),
            feed("c", "https://two.example/"),
            feed("d", "http://localhost/d"),
            feed("e", "http://localhost/e"),
        ];
        let soon = Duration::from_millis(50);
        let turns = Turns::new(&feeds, 3);
        let first = turns.take(&feeds[0]).await;
        assert!(timeout(soon, turns.take(&feeds[1])).await.is_err(), "the same server");
        let _third = timeout(soon, turns.take(&feeds[2])).await.unwrap();
        let _fourth = timeout(soon, turns.take(&feeds[3])).await.unwrap();
        assert!(timeout(soon, turns.take(&feeds[4])).await.is_err(), "three are under way");
        let renewed = turns.renewed(&feeds[..2], 3);
        assert!(timeout(soon, renewed.take(&feeds[1])).await.is_err(), "the same server, by another plan");
        drop(first);
        assert!(timeout(soon, turns.take(&feeds[1])).await.is_ok());
        assert!(timeout(soon, turns.take(&feeds[4])).await.is_ok(), "one's own server needs no turn");
    }
}
