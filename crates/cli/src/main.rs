//! gongji
fn main(){}
