//! The office over real stores: the life of a bill, races, a model beside it, kills, and what an audit finds.
//!
//! `GONGJI_SEED` repeats a random run (the seed is printed), `GONGJI_STEPS` says how many steps the model takes, `GONGJI_KILLS` how often
//! processes and servers are killed.

#![expect(clippy::expect_used, reason = "a test stops where its premises fail")]
#![expect(clippy::inconsistent_digit_grouping, reason = "fen are read as yuan and fen: 288_00")]

mod affected;
mod child;
mod crash;
mod damage;
mod dealt;
mod dice;
mod life_of_a_bill;
mod lossy;
mod model;
mod moved;
mod races;
mod refused;
mod reverse;
mod world;
